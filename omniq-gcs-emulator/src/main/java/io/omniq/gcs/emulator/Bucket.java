/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one bucket. Every call is one atomic step under the lock of the bucket: condition, limits and change.
 * The order of the checks is: is it there (404), do the conditions hold (412), is it protected (403), is it too soon
 * (429).
 */
final class Bucket {
    private final ServerClock clock;
    private final MutationLimit limit;
    private final Instant created;
    private final TreeMap<String, Blob> live = new TreeMap<>(Names.UTF8_ORDER);
    private final List<Blob> noncurrent = new ArrayList<>();
    private final Deque<Blob> softDeleted = new ArrayDeque<>();
    private GcsBucketSettings settings;
    private long metageneration = 1;

    Bucket(GcsBucketSettings settings, ServerClock clock, MutationLimit limit) {
        this.settings = settings;
        this.clock = clock;
        this.limit = limit;
        this.created = clock.now();
    }

    synchronized GcsBucketSettings settings() {
        return settings;
    }

    synchronized void settings(UnaryOperator<GcsBucketSettings> change) {
        settings = change.apply(settings);
        metageneration++;
    }

    synchronized long metageneration() {
        return metageneration;
    }

    Instant created() {
        return created;
    }

    /** The live object, or the named generation. */
    synchronized Blob find(String name, OptionalLong generation) {
        Blob current = live.get(name);
        if (generation.isEmpty() || (current != null && current.generation() == generation.getAsLong())) {
            return requireFound(name, current);
        }
        return requireFound(name, pick(noncurrent, name, generation.getAsLong()));
    }

    synchronized Blob findSoftDeleted(String name, long generation) {
        purge();
        return requireFound(name, pick(softDeleted, name, generation));
    }

    private static @Nullable Blob pick(Collection<Blob> blobs, String name, long generation) {
        for (Blob blob : blobs) {
            if (blob.name().equals(name) && blob.generation() == generation) {
                return blob;
            }
        }
        return null;
    }

    private Blob requireFound(String name, @Nullable Blob found) {
        if (found == null) {
            throw GcsError.noObject(settings.name(), name);
        }
        return found;
    }

    /** Throws 412 when the conditions do not hold now; a resumable upload is refused before its bytes come. */
    synchronized void require(String name, Preconditions conditions) {
        conditions.requireForWrite(live.get(name));
    }

    synchronized Blob insert(String name, Draft draft, Preconditions conditions) {
        Names.requireValid(name);
        Blob before = live.get(name);
        conditions.requireForWrite(before);
        requireFree(before);
        Instant now = admit(name);
        retire(before, now);
        return store(name, draft, now);
    }

    private Blob store(String name, Draft draft, Instant now) {
        Blob fresh = Blob.fresh(settings.name(), name, clock.nextGeneration(), draft, now);
        live.put(name, fresh);
        return fresh;
    }

    synchronized Blob change(
            String name, OptionalLong generation, Preconditions conditions, UnaryOperator<Attributes> change) {
        Blob before = find(name, generation);
        conditions.requireForWrite(before);
        Attributes attributes = change.apply(before.attributes());
        Blob after = before.changed(attributes, admit(name));
        if (before.ended() == null) {
            live.put(name, after);
        } else {
            noncurrent.set(noncurrent.indexOf(before), after);
        }
        return after;
    }

    synchronized void delete(String name, OptionalLong generation, Preconditions conditions) {
        Blob before = find(name, generation);
        conditions.requireForWrite(before);
        requireFree(before);
        Instant now = admit(name);
        if (before.ended() != null) {
            noncurrent.remove(before);
            keepSoftDeleted(before, now);
            return;
        }
        live.remove(name);
        if (generation.isPresent()) {
            keepSoftDeleted(before, now);
        } else {
            retire(before, now);
        }
    }

    synchronized Blob move(String from, String to, Preconditions ofSource, Preconditions ofTarget) {
        Names.requireValid(to);
        Blob source = find(from, OptionalLong.empty());
        ofSource.requireForWrite(source);
        Blob target = live.get(to);
        ofTarget.requireForWrite(target);
        if (from.equals(to)) {
            throw GcsError.invalid("The source and the destination of a move must differ.");
        }
        requireFree(source);
        requireFree(target);
        admit(from);
        Instant now = admit(to);
        live.remove(from);
        retire(source, now);
        retire(target, now);
        return store(to, source.draft(), now);
    }

    synchronized Blob restore(String name, long generation, Preconditions conditions) {
        Blob kept = findSoftDeleted(name, generation);
        Blob before = live.get(name);
        conditions.requireForWrite(before);
        requireFree(before);
        Instant now = admit(name);
        softDeleted.remove(kept);
        retire(before, now);
        return store(name, kept.draft(), now);
    }

    private Instant admit(String name) {
        Instant now = clock.now();
        limit.admit(settings.name(), name, now);
        return now;
    }

    private void requireFree(@Nullable Blob before) {
        if (before == null) {
            return;
        }
        if (before.attributes().isHeld()) {
            throw GcsError.held(before.bucket(), before.name());
        }
        Duration retention = settings.retention();
        if (!retention.isZero() && clock.now().isBefore(before.created().plus(retention))) {
            throw GcsError.retained(before.bucket(), before.name());
        }
    }

    /** What happens to a live object that is live no longer. */
    private void retire(@Nullable Blob before, Instant now) {
        if (before == null) {
            return;
        }
        if (settings.isVersioned()) {
            noncurrent.add(before.noncurrent(now));
        } else {
            keepSoftDeleted(before, now);
        }
    }

    private void keepSoftDeleted(Blob before, Instant now) {
        purge();
        if (!settings.softDelete().isZero()) {
            softDeleted.add(before.softDeleted(now, now.plus(settings.softDelete())));
        }
    }

    /** The oldest are in front, so this looks at few of many. */
    private void purge() {
        Instant now = clock.now();
        for (Iterator<Blob> oldest = softDeleted.iterator(); oldest.hasNext(); ) {
            if (!oldest.next().isGoneBy(now)) {
                return;
            }
            oldest.remove();
        }
    }

    /** One page. */
    synchronized Listing list(Listing.Query query) {
        purge();
        if (query.softDeleted()) {
            return Listing.of(Listing.sorted(softDeleted, List.of()), query);
        }
        if (query.versions()) {
            return Listing.of(Listing.sorted(noncurrent, live.values()), query);
        }
        return Listing.of(live.tailMap(query.firstName(), true).values(), query);
    }

    synchronized boolean isEmpty() {
        return live.isEmpty() && noncurrent.isEmpty();
    }

    synchronized long liveBytes() {
        return live.values().stream().mapToLong(blob -> blob.content().size()).sum();
    }

    synchronized long keptBytes() {
        purge();
        return noncurrent.stream().mapToLong(blob -> blob.content().size()).sum()
                + softDeleted.stream().mapToLong(blob -> blob.content().size()).sum();
    }
}
