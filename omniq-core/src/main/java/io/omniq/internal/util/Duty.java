/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.util;

/** A step that gets its turns. It starts once, can be woken at any time, and stops for good. */
public interface Duty extends AutoCloseable {
    /** Starts it, unless it was started or closed before. */
    void start();

    /** Ends the present or next wait at once. */
    void wake();

    /** Stops it after the present round. Idempotent. */
    @Override
    void close();
}
