/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.TaskEvent;
import io.omniq.model.Ulid;
import io.omniq.storage.EventQuery;
import io.omniq.storage.EventStorage;
import io.omniq.store.ListRequest;
import io.omniq.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The event storage of a protocol. An object is named by its first event and spans at most a minute, so a query for a span
 * of time reads only the objects whose names fall into it, and a minute before.
 */
public final class EventStore implements EventStorage {
    /** The most time between the first and the last event of one object. */
    static final Duration SPAN = Duration.ofMinutes(1);

    /** The last time an event's id can carry. */
    private static final Instant LAST = Instant.ofEpochMilli((1L << 48) - 1);

    private static final Comparator<TaskEvent> BY_ID = Comparator.comparing(TaskEvent::id);

    private final Protocol protocol;
    private final Quarantine quarantine;

    /**
     * An event storage.
     *
     * @param protocol the protocol
     */
    public EventStore(Protocol protocol) {
        this.protocol = protocol;
        this.quarantine = protocol.quarantine(protocol.events);
    }

    @Override
    public void logEvent(TaskEvent event) {
        logEvents(List.of(event));
    }

    @Override
    public void logEvents(List<TaskEvent> events) {
        List<TaskEvent> sorted = new ArrayList<>(events);
        sorted.sort(BY_ID);
        int start = 0;
        while (start < sorted.size()) {
            Instant end = sorted.get(start).timestamp().plus(SPAN);
            int next = start + 1;
            while (next < sorted.size() && !sorted.get(next).timestamp().isAfter(end)) {
                next++;
            }
            write(sorted.subList(start, next));
            start = next;
        }
    }

    private void write(List<TaskEvent> events) {
        String key = Layout.event(events.get(0).id());
        Settled settled = protocol.events.write(Draft.createUnstamped(key, EventCodec.write(events)));
        if (!settled.applied()) {
            throw new IllegalArgumentException(
                    "an event with this id exists: id=" + events.get(0).id());
        }
    }

    @Override
    public List<TaskEvent> getEvents(EventQuery query) {
        ListRequest request = ListRequest.of(Layout.EVENTS)
                .after(query.from() == null ? null : named(spanBefore(query.from())))
                .before(query.to() == null ? null : named(query.to()));
        List<TaskEvent> found = new ArrayList<>();
        for (StoredObject object : Listing.bodies(protocol.events, request)) {
            quarantine.readable(object, EventCodec::read).orElse(List.of()).stream()
                    .filter(event -> matches(query, event))
                    .forEach(found::add);
        }
        // Objects of several processes overlap in time, so only the whole can be put in order.
        found.sort(BY_ID);
        int from = Math.min(query.offset(), found.size());
        int to = (int) Math.min((long) from + query.limit(), found.size());
        return List.copyOf(found.subList(from, to));
    }

    private static Instant spanBefore(Instant time) {
        return time.isBefore(Instant.EPOCH.plus(SPAN)) ? Instant.EPOCH : time.minus(SPAN);
    }

    private static String named(Instant time) {
        Instant bounded = time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time.isAfter(LAST) ? LAST : time;
        return Layout.EVENTS + Ulid.lowest(bounded);
    }

    private static boolean matches(EventQuery query, TaskEvent event) {
        return (query.taskId() == null || query.taskId().equals(event.taskId()))
                && (query.type() == null || query.type() == event.eventType())
                && (query.from() == null || !event.timestamp().isBefore(query.from()))
                && (query.to() == null || event.timestamp().isBefore(query.to()));
    }

    @Override
    public int cleanupOldEvents(Instant olderThan) {
        int removed = 0;
        ListRequest request = ListRequest.of(Layout.EVENTS).before(named(olderThan));
        for (StoredObject object : Listing.bodies(protocol.events, request)) {
            Optional<List<TaskEvent>> events = quarantine.readable(object, EventCodec::read);
            boolean old = events.isPresent()
                    && events.get().stream().allMatch(event -> event.timestamp().isBefore(olderThan));
            if (old
                    && protocol.events
                            .write(Draft.delete(object.key(), object.version()))
                            .applied()) {
                removed += events.get().size();
            }
        }
        return removed;
    }
}
