/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.backend;

import io.omniq.storage.Backend;
import io.omniq.storage.BackendProvider;
import io.omniq.storage.MemoryBackend;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code memory:}, or {@code memory:name} where one process wants several. */
public final class MemoryBackendProvider implements BackendProvider {
    /** For the service loader. */
    public MemoryBackendProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("memory");
    }

    @Override
    public Set<String> options() {
        return Set.of();
    }

    @Override
    public List<Fault> faults(URI url, Map<String, String> options) {
        return List.of();
    }

    @Override
    public Backend open(URI url, Map<String, String> options) {
        return new MemoryBackend();
    }
}
