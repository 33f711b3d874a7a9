/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;

/** Everything a store listed at one moment, to answer later listings from. */
record ListingSnapshot(List<ListedObject> objects) {
    static ListingSnapshot of(ObjectStore store) {
        List<ListedObject> objects = new ArrayList<>();
        ListRequest request = ListRequest.of("");
        ObjectPage page;
        do {
            page = store.list(request);
            objects.addAll(page.objects());
            request = request.after(
                    objects.isEmpty() ? null : objects.get(objects.size() - 1).key());
        } while (page.more());
        return new ListingSnapshot(List.copyOf(objects));
    }

    ObjectPage page(ListRequest request) {
        List<ListedObject> admitted =
                objects.stream().filter(object -> request.admits(object.key())).toList();
        int size = Math.min(admitted.size(), request.limit());
        return new ObjectPage(admitted.subList(0, size), size < admitted.size());
    }
}
