/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

/** How bodies are checked on their way. After gcsfs, which the original uses. */
public enum GcsConsistency {
    /** By MD5: sent with each write, where the service refuses what does not fit, and compared after each read. */
    MD5,
    /** By CRC32C, in the same way. */
    CRC32C,
    /** Only the length is compared. */
    SIZE,
    /** Nothing is checked here; the connection's own checks remain. */
    NONE
}
