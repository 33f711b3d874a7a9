/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

/**
 * A stretch of time.
 *
 * @param from its begin in microseconds
 * @param to its end in microseconds
 */
record Span(long from, long to) {
    boolean touches(long begin, long end) {
        return from <= end && to >= begin;
    }
}
