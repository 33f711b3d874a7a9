/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.store.ChangeCount;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.MemoryObjectStore;
import io.omniq.store.ObjectPage;
import io.omniq.store.StorageException;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Stores with one fault each, as a store author might make it. */
final class BrokenStores {
    private BrokenStores() {}

    /** Lets other threads in between two steps that should be one. */
    private static void pause() {
        for (int i = 0; i < 10; i++) {
            Thread.yield();
        }
    }

    private static WriteOutcome checkThenWrite(ForwardingStore store, Write write) {
        Optional<StoredObject> found = store.get(write.key());
        boolean holds = write.kind() != Write.Kind.CREATE
                && found.isPresent()
                && found.get().version().equals(write.expected());
        if (!holds) {
            return store.store.write(List.of(write)).get(0);
        }
        pause();
        WriteOutcome outcome = store.store.write(List.of(write)).get(0);
        while (outcome.status() == Status.CONFLICT) {
            Write forced = store.onPresentVersion(write).orElse(write);
            outcome = store.store.write(List.of(forced)).get(0);
        }
        return outcome;
    }

    /** A create that overwrites. */
    static final class BlindCreate extends ForwardingStore {
        @Override
        WriteOutcome write(Write write) {
            return write.kind() == Write.Kind.CREATE
                    ? super.write(onPresentVersion(write).orElse(write))
                    : super.write(write);
        }
    }

    /** Looks whether there is an object first and creates afterwards, without a lock. */
    static final class LookThenCreate extends ForwardingStore {
        @Override
        WriteOutcome write(Write write) {
            if (write.kind() != Write.Kind.CREATE || store.get(write.key()).isPresent()) {
                return super.write(write);
            }
            pause();
            WriteOutcome outcome = super.write(write);
            while (outcome.status() == Status.EXISTS) {
                outcome = super.write(onPresentVersion(write).orElse(write));
            }
            return outcome;
        }
    }

    /** A count of changes that leaves out deletes. */
    static final class UncountedDelete extends ForwardingStore implements ChangeCount {
        private long changes;

        @Override
        WriteOutcome write(Write write) {
            changes += write.kind() == Write.Kind.DELETE ? 0 : 1;
            return super.write(write);
        }

        @Override
        public long changes(String prefix) {
            return changes;
        }
    }

    /** A replace that takes any version. */
    static final class UncheckedReplace extends ForwardingStore {
        @Override
        WriteOutcome write(Write write) {
            return write.kind() == Write.Kind.REPLACE
                    ? super.write(onPresentVersion(write).orElse(write))
                    : super.write(write);
        }
    }

    /** A delete that takes any version. */
    static final class UncheckedDelete extends ForwardingStore {
        @Override
        WriteOutcome write(Write write) {
            return write.kind() == Write.Kind.DELETE
                    ? super.write(onPresentVersion(write).orElse(write))
                    : super.write(write);
        }
    }

    /** A delete that calls what is absent deleted. */
    static final class IdempotentDelete extends ForwardingStore {
        @Override
        WriteOutcome write(Write write) {
            WriteOutcome outcome = super.write(write);
            return write.kind() == Write.Kind.DELETE && outcome.status() == Status.ABSENT
                    ? WriteOutcome.applied(null)
                    : outcome;
        }
    }

    /** Looks at the version first and writes afterwards, without a lock. */
    static final class CheckThenWrite extends ForwardingStore {
        @Override
        WriteOutcome write(Write write) {
            return checkThenWrite(this, write);
        }
    }

    /** Versions that are hashes of the body, so that equal bodies share one. */
    static final class HashVersions extends ForwardingStore {
        @Override
        public Optional<StoredObject> get(String key) {
            return store.get(key).map(found -> with(found, hash(found.body())));
        }

        @Override
        WriteOutcome write(Write write) {
            Write real = write;
            if (write.kind() != Write.Kind.CREATE) {
                Optional<StoredObject> found = store.get(write.key());
                if (found.isPresent() && !hash(found.get().body()).equals(write.expected())) {
                    return WriteOutcome.refused(Status.CONFLICT);
                }
                real = found.map(object -> on(write, object.version())).orElse(write);
            }
            WriteOutcome outcome = super.write(real);
            return outcome.version().isPresent() ? WriteOutcome.applied(hash(write.body())) : outcome;
        }

        @Override
        public ObjectPage list(ListRequest request) {
            ObjectPage page = store.list(request);
            List<ListedObject> objects = page.objects().stream()
                    .map(object -> store.get(object.key()).orElseThrow())
                    .map(object -> with(object, hash(object.body())).listed())
                    .toList();
            return new ObjectPage(objects, page.more());
        }

        private static Version hash(byte[] body) {
            return new Version("h" + Arrays.hashCode(body));
        }
    }

    /** Versions counted for each object from one, and from one again after a delete. */
    static final class RestartingVersions extends ForwardingStore {
        private final Map<Version, Version> shown = new ConcurrentHashMap<>();
        private final Map<String, AtomicLong> numbers = new ConcurrentHashMap<>();

        @Override
        public Optional<StoredObject> get(String key) {
            return store.get(key).map(found -> with(found, shown.getOrDefault(found.version(), found.version())));
        }

        @Override
        synchronized WriteOutcome write(Write write) {
            Write real = write;
            if (write.kind() != Write.Kind.CREATE) {
                Optional<StoredObject> found = store.get(write.key());
                if (found.isPresent() && !shown.get(found.get().version()).equals(write.expected())) {
                    return WriteOutcome.refused(Status.CONFLICT);
                }
                real = found.map(object -> on(write, object.version())).orElse(write);
            }
            WriteOutcome outcome = super.write(real);
            if (outcome.isApplied() && write.kind() == Write.Kind.DELETE) {
                numbers.remove(write.key());
            }
            return outcome.version()
                    .map(version -> number(write.key(), version))
                    .orElse(outcome);
        }

        private WriteOutcome number(String key, Version version) {
            long number = numbers.computeIfAbsent(key, any -> new AtomicLong()).incrementAndGet();
            shown.put(version, new Version(Long.toString(number)));
            return WriteOutcome.applied(shown.get(version));
        }
    }

    /** Listings in another order. */
    static final class OtherOrder extends ForwardingStore {
        private final Comparator<String> order;

        OtherOrder(Comparator<String> order) {
            this.order = order;
        }

        /** As {@link String} orders, which is by UTF-16. */
        static OtherOrder utf16() {
            return new OtherOrder(Comparator.naturalOrder());
        }

        /** As a walk through directories orders: segment by segment. */
        static OtherOrder directories() {
            return new OtherOrder(Comparator.comparing(key -> key.replace('/', '\0')));
        }

        @Override
        public ObjectPage list(ListRequest request) {
            List<ListedObject> found = all().stream()
                    .filter(object -> object.key().startsWith(request.prefix()))
                    .filter(object ->
                            request.startAfter() == null || order.compare(object.key(), request.startAfter()) > 0)
                    .filter(object ->
                            request.endBefore() == null || order.compare(object.key(), request.endBefore()) < 0)
                    .sorted(Comparator.comparing(ListedObject::key, order))
                    .toList();
            int size = Math.min(found.size(), request.limit());
            return new ObjectPage(found.subList(0, size), size < found.size());
        }
    }

    /** Says that more follows whenever a page is full. */
    static final class GuessedMore extends ForwardingStore {
        @Override
        public ObjectPage list(ListRequest request) {
            List<ListedObject> objects = store.list(request).objects();
            return new ObjectPage(objects, objects.size() == request.limit());
        }
    }

    /** Lists from a cache that only sees every third change. */
    static final class CachedListing extends ForwardingStore {
        private final AtomicLong changes = new AtomicLong();
        private final Map<ListRequest, ObjectPage> cache = new ConcurrentHashMap<>();

        @Override
        WriteOutcome write(Write write) {
            if (changes.incrementAndGet() % 3 == 0) {
                cache.clear();
            }
            return super.write(write);
        }

        @Override
        public ObjectPage list(ListRequest request) {
            ObjectPage fresh = store.list(request);
            ObjectPage earlier = cache.putIfAbsent(request, fresh);
            return earlier == null ? fresh : earlier;
        }
    }

    /** Lists from a cache that a thread's own writes clear, but not those of others. */
    static final class CacheOfOwnWrites extends ForwardingStore {
        private final ThreadLocal<Map<ListRequest, ObjectPage>> cache = ThreadLocal.withInitial(HashMap::new);

        @Override
        WriteOutcome write(Write write) {
            cache.get().clear();
            return super.write(write);
        }

        @Override
        public ObjectPage list(ListRequest request) {
            return cache.get().computeIfAbsent(request, store::list);
        }
    }

    /** Reads a body in two halves, as from a file that is written in place. */
    static final class TornReads extends ForwardingStore {
        @Override
        public Optional<StoredObject> get(String key) {
            Optional<StoredObject> first = store.get(key);
            pause();
            Optional<StoredObject> second = store.get(key);
            if (first.isPresent() && second.isPresent()) {
                byte[] body = second.get().body();
                byte[] before = first.get().body();
                System.arraycopy(before, 0, body, 0, Math.min(before.length, body.length / 2));
                return Optional.of(new StoredObject(second.get().listed(), body));
            }
            return first;
        }
    }

    /** Hands out its own arrays. */
    static final class SharedArrays extends ForwardingStore {
        private final Map<Version, StoredObject> cache = new ConcurrentHashMap<>();

        @Override
        public Optional<StoredObject> get(String key) {
            return store.get(key).map(found -> cache.computeIfAbsent(found.version(), any -> found));
        }
    }

    /** Takes any failure for "nothing there". */
    static final class AbsentOnFailure extends ForwardingStore {
        @Override
        public Optional<StoredObject> get(String key) {
            try {
                return store.get(key);
            } catch (StorageException e) {
                return Optional.empty();
            }
        }
    }

    /** Stops a group at the first write that is refused. */
    static final class AllOrNothing extends ForwardingStore {
        @Override
        public List<WriteOutcome> write(List<Write> writes) {
            List<WriteOutcome> outcomes = new ArrayList<>();
            for (Write write : writes) {
                boolean refused = outcomes.stream().anyMatch(outcome -> !outcome.isApplied());
                outcomes.add(refused ? WriteOutcome.refused(Status.CONFLICT) : write(write));
            }
            return outcomes;
        }
    }

    /** Keeps the attributes of earlier lives and bodies. */
    static final class MergedAttributes extends ForwardingStore {
        private final Map<String, Map<String, String>> kept = new ConcurrentHashMap<>();

        @Override
        WriteOutcome write(Write write) {
            if (write.kind() == Write.Kind.DELETE) {
                return super.write(write);
            }
            Map<String, String> merged = kept.compute(write.key(), (key, before) -> {
                Map<String, String> all = new HashMap<>(before == null ? Map.of() : before);
                all.putAll(write.attributes());
                return all;
            });
            return super.write(
                    write.kind() == Write.Kind.CREATE
                            ? Write.create(write.key(), write.body(), merged)
                            : Write.replace(write.key(), write.expected(), write.body(), merged));
        }
    }

    /** Tells the time of a clock that is late. */
    static final class LateClock extends ForwardingStore {
        @Override
        public Instant now() {
            return store.now().minus(Duration.ofMinutes(1));
        }
    }

    /** Tells the time of a clock that is fast. */
    static final class FastClock extends ForwardingStore {
        @Override
        public Instant now() {
            return store.now().plus(Duration.ofMinutes(1));
        }
    }

    /** Loses its connection for good when a thread that uses it is interrupted, as a file channel does. */
    static final class ClosedByInterrupt extends ForwardingStore {
        @Override
        WriteOutcome write(Write write) {
            if (Thread.currentThread().isInterrupted()) {
                store.close();
            }
            return super.write(write);
        }

        @Override
        public Optional<StoredObject> get(String key) {
            if (Thread.currentThread().isInterrupted()) {
                store.close();
            }
            return super.get(key);
        }
    }

    /** Swallows the interrupt. */
    static final class ForgottenInterrupt extends ForwardingStore {
        @Override
        public Optional<StoredObject> get(String key) {
            Thread.interrupted();
            return super.get(key);
        }
    }

    /** Writes and then says that it did not. */
    static final class DeniedWrites extends ForwardingStore {
        @Override
        WriteOutcome write(Write write) {
            WriteOutcome outcome = super.write(write);
            boolean denied = outcome.isApplied() && Thread.currentThread().isInterrupted();
            return denied
                    ? WriteOutcome.failed(
                            new StorageException("write", write.key(), StorageException.Retry.YES, "interrupted", null))
                    : outcome;
        }
    }

    /** A handle that remembers what it has read until it writes itself. */
    static final class RememberingHandle extends SharedHandle {
        private final Map<String, Optional<StoredObject>> remembered = new ConcurrentHashMap<>();

        RememberingHandle(MemoryObjectStore shared) {
            super(shared);
        }

        @Override
        SharedHandle another() {
            return new RememberingHandle(store);
        }

        @Override
        public Optional<StoredObject> get(String key) {
            return remembered.computeIfAbsent(key, super::get);
        }

        @Override
        WriteOutcome write(Write write) {
            WriteOutcome outcome = super.write(write);
            if (outcome.isApplied()) {
                remembered.remove(write.key());
            }
            return outcome;
        }
    }

    /** Checks and writes under a lock, but under one that only this handle knows. */
    static final class PrivateLock extends SharedHandle {
        PrivateLock(MemoryObjectStore shared) {
            super(shared);
        }

        @Override
        SharedHandle another() {
            return new PrivateLock(store);
        }

        @Override
        synchronized WriteOutcome write(Write write) {
            return checkThenWrite(this, write);
        }
    }

    /** Keeps keys without their case, as some file systems do. */
    static final class CaselessKeys extends ForwardingStore {
        @Override
        WriteOutcome write(Write write) {
            boolean taken = write.kind() == Write.Kind.CREATE
                    && all().stream().anyMatch(object -> object.key().equalsIgnoreCase(write.key()));
            return taken ? WriteOutcome.refused(Status.EXISTS) : super.write(write);
        }
    }
}
