/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.StoredObject;
import java.time.Instant;
import java.util.Optional;

/** Ends tasks whose time to live passed before their first start, also where no worker looks at their queue. */
final class Expiry {
    private final Protocol protocol;
    private final Admission admission;

    Expiry(Protocol protocol) {
        this.protocol = protocol;
        this.admission = new Admission(protocol, null);
    }

    int run() {
        Instant now = protocol.now();
        int ended = 0;
        for (StoredObject object :
                Listing.bodies(protocol.tasks, ListRequest.of(Layout.QUEUES), line -> mayBeExpired(line, now))) {
            Optional<Entry> entry =
                    protocol.taskQuarantine.readable(object, Entry::read).filter(e -> isExpired(e, now));
            if (entry.isPresent() && admission.expire(new Place(object.key(), entry.get(), object.version()))) {
                ended++;
            }
        }
        return ended;
    }

    private static boolean mayBeExpired(ListedObject line, Instant now) {
        Entry mirrored = Entry.readAttributes(line.key(), line.attributes());
        return mirrored == null || isExpired(mirrored, now);
    }

    private static boolean isExpired(Entry entry, Instant now) {
        return entry.state() == Entry.State.READY && entry.isExpired(now);
    }
}
