/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

/**
 * How a {@link FileBackend} writes. A directory may be opened with either, one after the other, but not with both at the
 * same time.
 */
public enum FileLayout {
    /**
     * Writes go to a journal, and what is still alive a moment later becomes a file. The fast one: what lives for
     * milliseconds never becomes a file.
     */
    JOURNAL,
    /** Every write is a file at once: what a file viewer shows is always the present state. */
    PLAIN
}
