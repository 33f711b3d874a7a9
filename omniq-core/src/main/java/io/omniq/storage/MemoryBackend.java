/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import io.omniq.store.MemoryObjectStore;

/** A backend in this process's memory: for tests, and for work that may be lost with the process. */
public final class MemoryBackend extends Backend {
    /** An empty backend. */
    public MemoryBackend() {
        super(new MemoryObjectStore());
    }
}
