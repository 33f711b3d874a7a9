/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

/** What an acknowledged write of a {@link DirectoryObjectStore} survives. */
public enum Durability {
    /**
     * The death of the process at any moment, {@code kill -9} included, but not a crash of the operating system or a
     * loss of power: the bytes are with the system, which writes them to the disk when it likes. The fast one.
     */
    PROCESS_CRASH,
    /**
     * Also a crash of the operating system and a loss of power: file and directory are flushed to the disk before a
     * write is acknowledged. Costs two to three flushes for each write. On Windows directories cannot be flushed; there
     * the file system's journal decides whether the last moments survive.
     */
    POWER_LOSS
}
