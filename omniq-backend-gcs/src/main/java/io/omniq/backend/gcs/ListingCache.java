/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectPage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Answers listings of queues again for a while, if the user wants that: it saves money where many look at one queue, and hides
 * for so long what others enqueue. Nothing else is ever answered from memory, and a write of one's own clears its queue.
 */
final class ListingCache {
    private static final String QUEUES = "queues/";

    private final long keptNanos;
    private final LongSupplier nanos;
    private final Map<ListRequest, Kept> pages = new ConcurrentHashMap<>();

    private final AtomicLong changes = new AtomicLong();

    private record Kept(ObjectPage page, long nanos) {}

    ListingCache(Duration kept, LongSupplier nanos) {
        this.keptNanos = kept.toNanos();
        this.nanos = nanos;
    }

    ObjectPage page(ListRequest request, Supplier<ObjectPage> ask) {
        if (keptNanos == 0 || !request.prefix().startsWith(QUEUES)) {
            return ask.get();
        }
        ListRequest where = request.before(null); // the upper bound is the present time, and always another
        long now = nanos.getAsLong();
        Kept kept = pages.get(where);
        if (kept != null && now - kept.nanos() < keptNanos) {
            List<ListedObject> admitted = kept.page().objects().stream()
                    .filter(line -> request.admits(line.key()))
                    .toList();
            return new ObjectPage(admitted, kept.page().more());
        }
        long seen = changes.get();
        ObjectPage page = ask.get();
        pages.values().removeIf(old -> now - old.nanos() >= keptNanos);
        if (changes.get() == seen) { // else it may be from before a write of ours
            pages.put(where, new Kept(page, now));
        }
        return page;
    }

    void changed(String key) {
        if (keptNanos > 0 && key.startsWith(QUEUES)) {
            changes.incrementAndGet();
            pages.keySet().removeIf(request -> key.startsWith(request.prefix()));
        }
    }
}
