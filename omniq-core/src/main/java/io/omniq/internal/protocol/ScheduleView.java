/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.Schedule;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sees what others did to the schedules: one read of a marker tells whether to look, and a look reads only what has another
 * version. Not safe for use by several threads.
 */
public final class ScheduleView {
    private final Protocol protocol;
    private final Map<String, Version> known = new HashMap<>();
    private @Nullable Version marker;

    /**
     * A view that has seen nothing yet.
     *
     * @param protocol the protocol
     */
    public ScheduleView(Protocol protocol) {
        this.protocol = protocol;
    }

    /**
     * What has changed.
     *
     * @param changed schedules that are new, or have another version than at the last look
     * @param gone ids of schedules that are not there any more
     * @param unreadable ids of schedules that were set aside, or left to a newer release
     */
    public record Changes(List<Schedule> changed, List<String> gone, List<String> unreadable) {
        static final Changes NONE = new Changes(List.of(), List.of(), List.of());
    }

    /**
     * Looks whether schedules may fire earlier than they did.
     *
     * @return what has changed; nothing while the marker has not
     */
    public Changes look() {
        Version now = markerVersion();
        return now == null || now.equals(marker) ? Changes.NONE : lookAtAll(now);
    }

    /**
     * Looks at all schedules, also for what nobody announced.
     *
     * @return what has changed
     */
    public Changes lookAtAll() {
        return lookAtAll(markerVersion());
    }

    private @Nullable Version markerVersion() {
        return protocol.schedules
                .get(Layout.SCHEDULES_CHANGED)
                .map(StoredObject::version)
                .orElse(null);
    }

    /** The marker was read before the listing, so what is announced after it changes the marker again. */
    private Changes lookAtAll(@Nullable Version seen) {
        Map<String, Version> listed = new HashMap<>();
        List<String> newer = new ArrayList<>();
        for (ListedObject line : Listing.of(protocol.schedules, ListRequest.of(Layout.SCHEDULES))) {
            listed.put(line.key(), line.version());
            if (!line.version().equals(known.get(line.key()))) {
                newer.add(line.key());
            }
        }
        Set<String> gone = new HashSet<>(known.keySet());
        gone.removeAll(listed.keySet());
        List<Schedule> changed = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        List<Optional<StoredObject>> objects = newer.isEmpty() ? List.of() : protocol.schedules.getAll(newer);
        for (int i = 0; i < newer.size(); i++) {
            String key = newer.get(i);
            if (objects.get(i).isEmpty()) {
                gone.add(key);
            } else {
                readable(objects.get(i).get()).ifPresentOrElse(changed::add, () -> unreadable.add(Layout.id(key)));
            }
        }
        known.clear();
        known.putAll(listed);
        marker = seen;
        return new Changes(changed, gone.stream().map(Layout::id).toList(), unreadable);
    }

    private Optional<Schedule> readable(StoredObject object) {
        try {
            return Optional.of(ScheduleCodec.read(object));
        } catch (UnreadableRecordException e) {
            protocol.quarantine(protocol.schedules).setAside(object, e);
            protocol.tally.scheduleBroken(Layout.id(object.key()), e);
            return Optional.empty();
        }
    }
}
