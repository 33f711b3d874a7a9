/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

/** What a backend may do: the OAuth scope it asks for, and what it refuses by itself. After gcsfs, which the original uses. */
public enum GcsAccess {
    /** Reads and listings only; every write fails before it is sent. */
    READ_ONLY("https://www.googleapis.com/auth/devstorage.read_only"),
    /** Reads, listings and writes: what producers and workers need. */
    READ_WRITE("https://www.googleapis.com/auth/devstorage.read_write"),
    /** The same with the widest scope, for credentials that serve other purposes too. OmniQ never changes permissions. */
    FULL_CONTROL("https://www.googleapis.com/auth/devstorage.full_control");

    private final String scope;

    GcsAccess(String scope) {
        this.scope = scope;
    }

    /** {@return the OAuth scope} */
    public String scope() {
        return scope;
    }
}
