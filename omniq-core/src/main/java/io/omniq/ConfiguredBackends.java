/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.storage.Backend;
import io.omniq.storage.BackendAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The backends that a configuration names: the same address twice is one backend. */
final class ConfiguredBackends {
    private final Map<BackendAddress, Backend> opened = new LinkedHashMap<>();

    @Nullable
    Backend open(Optional<BackendAddress> address) {
        return address.map(named -> opened.computeIfAbsent(named, BackendAddress::open))
                .orElse(null);
    }

    Set<Backend> opened() {
        return new LinkedHashSet<>(opened.values());
    }

    /** After a failure: nobody will use them. What goes wrong meanwhile is told with the failure. */
    void closeAfter(Throwable failure) {
        for (Backend backend : opened.values()) {
            try {
                backend.close();
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
        }
    }
}
