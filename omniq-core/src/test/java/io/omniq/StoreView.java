/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.storage.Backend;
import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a backend's store holds. */
final class StoreView {
    private StoreView() {}

    static List<String> keys(Backend backend) {
        List<String> keys = new ArrayList<>();
        ObjectPage page;
        String last = null;
        do {
            page = backend.store().list(ListRequest.of("").after(last));
            page.objects().forEach(object -> keys.add(object.key()));
            last = keys.isEmpty() ? null : keys.get(keys.size() - 1);
        } while (page.more());
        return keys;
    }

    /** The first part of every key. */
    static Set<String> rooms(Backend backend) {
        return keys(backend).stream()
                .map(key -> key.substring(0, key.indexOf('/')))
                .collect(Collectors.toSet());
    }
}
