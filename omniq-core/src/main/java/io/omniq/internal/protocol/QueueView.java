/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectKeys;
import io.omniq.store.ObjectPage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the last listing of one queue showed, and what of it is still worth looking at. A page is at most 1,000 lines; where
 * a queue is longer, each refresh takes the next page, so every entry is seen within n/1000 + 1 refreshes. Delayed
 * entries that are not due lie beyond the listing's end and are never read.
 */
final class QueueView implements Iterable<Candidate> {
    /** What no rule foresees waits no longer. */
    private static final Duration LONGEST_QUIET = Duration.ofSeconds(2);

    private final String queue;
    private final Map<String, Candidate> known = new HashMap<>();
    private List<Candidate> open = new ArrayList<>();
    private @Nullable String cursor;
    private long listedNanos;
    private @Nullable Long nextLook;
    private boolean changesUnnoticed;
    /** The store's count of changes from before the listing, if it has one. */
    private @Nullable Long counted;

    private Instant listedAt = Instant.EPOCH;
    /** When the first of the delayed entries falls due that the listing left out; null as long as nobody has asked. */
    private @Nullable Instant nextDue;

    QueueView(String queue) {
        this.queue = queue;
    }

    /** Whether the listing is so old that more urgent entries may have come. */
    boolean isOlderThan(Duration age, long nanos) {
        return nanos - listedNanos > age.toNanos();
    }

    /** Something in it is worth another look at this time. */
    void lookAgain(long nanos) {
        nextLook = nextLook == null || nanos - nextLook < 0 ? nanos : nextLook;
    }

    /** The same without a time: the store will not tell that it is worth one. */
    void mayChangeUnnoticed() {
        changesUnnoticed = true;
    }

    /** The first such time since the last listing. */
    Optional<Long> nextLook() {
        return Optional.ofNullable(nextLook);
    }

    /**
     * Whether another listing would show nothing to do again: all there was has been dealt with, for good and not for others
     * who may die, and neither the store has changed since nor has the next delayed entry fallen due.
     */
    boolean isQuiet(ReliableStore store, long changes, Instant now, long nanos) {
        boolean same = counted != null && counted == changes && nanos - listedNanos < LONGEST_QUIET.toNanos();
        boolean spent = cursor == null && open.isEmpty() && nextLook == null && !changesUnnoticed;
        if (!same || !spent) {
            return false;
        }
        if (nextDue == null) {
            nextDue = nextDue(store);
        }
        return now.isBefore(nextDue);
    }

    private Instant nextDue(ReliableStore store) {
        ListRequest request = ListRequest.of(Layout.queue(queue)).after(Layout.notDue(queue, listedAt));
        return store.list(request.limit(1)).objects().stream()
                .findFirst()
                .map(line -> Layout.dueOfEntry(line.key()))
                .orElse(Instant.MAX);
    }

    /** Lists the next page. */
    void refresh(ReliableStore store, Instant now, long nanos, long seen) {
        cursor = list(store, now, nanos, seen, cursor);
    }

    /** Lists the first page again, for what is more urgent by now; what is open behind it stays open. */
    void refreshFront(ReliableStore store, Instant now, long nanos, long seen) {
        List<Candidate> before = open;
        String end = list(store, now, nanos, seen, null);
        for (Candidate candidate : before) {
            if (end != null && isAfter(candidate.key, end)) {
                known.put(candidate.key, candidate);
                open.add(candidate);
            }
        }
        cursor = end == null || (cursor != null && isAfter(cursor, end)) ? cursor : end;
    }

    private static boolean isAfter(String key, String other) {
        return ObjectKeys.ORDER.compare(key, other) > 0;
    }

    /**
     * Lists one page, and returns its last key where more may follow. Lines whose version has not changed keep what is
     * known of them.
     */
    private @Nullable String list(ReliableStore store, Instant now, long nanos, long seen, @Nullable String after) {
        listedNanos = nanos;
        listedAt = now;
        nextLook = null;
        changesUnnoticed = false;
        nextDue = null;
        counted = store.changes(Layout.QUEUES).orElse(null);
        ListRequest request = ListRequest.of(Layout.queue(queue))
                .before(Layout.notDue(queue, now))
                .after(after);
        ObjectPage page = store.list(request);
        Map<String, Candidate> before = new HashMap<>(known);
        known.clear();
        open = new ArrayList<>(page.objects().size());
        for (ListedObject line : page.objects()) {
            Candidate candidate = before.get(line.key());
            if (candidate == null || !candidate.version.equals(line.version())) {
                candidate = fresh(line, seen);
            }
            candidate.passedOver = false;
            known.put(line.key(), candidate);
            open.add(candidate);
        }
        return page.more() ? open.get(open.size() - 1).key : null;
    }

    private static Candidate fresh(ListedObject line, long seen) {
        Candidate candidate = new Candidate(line.key(), line.version(), line.updated());
        candidate.seen = seen;
        candidate.entry = Entry.readAttributes(line.key(), line.attributes());
        candidate.whole = Entry.isWhole(line.attributes());
        return candidate;
    }

    /** What has not been looked at since the refresh; remove what is dealt with. */
    @Override
    public Iterator<Candidate> iterator() {
        return open.iterator();
    }

    /** Takes out what is about to be claimed. A claim that fails leaves everything as it was. */
    void removeAll(Collection<Candidate> candidates) {
        open.removeAll(Set.copyOf(candidates));
        mayChangeUnnoticed();
    }
}
