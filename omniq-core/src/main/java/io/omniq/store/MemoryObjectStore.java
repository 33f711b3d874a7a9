/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.store;

import io.omniq.store.WriteOutcome.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A store in this process's memory, for tests and for work that may be lost with the process. It keeps attributes and
 * has no limit on the rate of writes. Safe for use by many threads.
 */
public final class MemoryObjectStore implements ObjectStore, ChangeCount {
    private static final StoreCapabilities CAPABILITIES = new StoreCapabilities(true, Duration.ZERO);
    /** Enough for the folders there are to have one each. */
    private static final int COUNTS = 64;

    private final ConcurrentSkipListMap<String, StoredObject> objects = new ConcurrentSkipListMap<>(ObjectKeys.ORDER);
    private final AtomicLong versions = new AtomicLong();
    private final InstantSource clock;
    /** By the first character of the key. */
    private final AtomicLongArray changes = new AtomicLongArray(COUNTS);

    private volatile boolean closed;

    /** An empty store on the system's clock. */
    public MemoryObjectStore() {
        this(Clock.systemUTC());
    }

    /**
     * An empty store whose time is the given clock's.
     *
     * @param clock the store's time
     */
    public MemoryObjectStore(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public Optional<StoredObject> get(String key) {
        requireOpen("get", key);
        StoredObject found = objects.get(ObjectKeys.requireValid(key));
        return found == null
                ? Optional.empty()
                : Optional.of(new StoredObject(found.listed(), found.body().clone()));
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        requireOpen("write", "");
        ObjectKeys.requireDistinct(writes);
        List<WriteOutcome> outcomes = new ArrayList<>(writes.size());
        for (Write write : writes) {
            WriteOutcome outcome = apply(write);
            if (outcome.isApplied()) {
                changes.incrementAndGet(count(write.key())); // after the change: who reads it before sees that
            }
            outcomes.add(outcome);
        }
        return outcomes;
    }

    private static int count(String key) {
        return key.charAt(0) % COUNTS;
    }

    private WriteOutcome apply(Write write) {
        String key = write.key();
        if (write.kind() == Write.Kind.CREATE) {
            StoredObject created = successor(write);
            return objects.putIfAbsent(key, created) == null
                    ? WriteOutcome.applied(created.version())
                    : WriteOutcome.refused(Status.EXISTS);
        }
        StoredObject current = objects.get(key);
        if (current == null) {
            return WriteOutcome.refused(Status.ABSENT);
        }
        if (!current.version().equals(write.expected())) {
            return WriteOutcome.refused(Status.CONFLICT);
        }
        // A lost race is judged again: only a second look tells another version from none, and no version comes back.
        if (write.kind() == Write.Kind.DELETE) {
            return objects.remove(key, current) ? WriteOutcome.applied(null) : apply(write);
        }
        StoredObject next = successor(write);
        return objects.replace(key, current, next) ? WriteOutcome.applied(next.version()) : apply(write);
    }

    private StoredObject successor(Write write) {
        Version version = new Version(Long.toString(versions.incrementAndGet()));
        ListedObject listed = new ListedObject(write.key(), version, clock.instant(), write.attributes());
        return new StoredObject(listed, write.body().clone());
    }

    @Override
    public ObjectPage list(ListRequest request) {
        requireOpen("list", request.prefix());
        String startAfter = request.startAfter();
        boolean afterPrefix = startAfter != null && ObjectKeys.ORDER.compare(startAfter, request.prefix()) >= 0;
        var tail = afterPrefix
                ? objects.tailMap(Objects.requireNonNull(startAfter), false)
                : objects.tailMap(request.prefix(), true);
        List<ListedObject> page = new ArrayList<>();
        for (StoredObject object : tail.values()) {
            if (!request.admits(object.key())) {
                break;
            }
            if (page.size() == request.limit()) {
                return new ObjectPage(page, true);
            }
            page.add(object.listed());
        }
        return new ObjectPage(page, false);
    }

    @Override
    public long changes(String prefix) {
        requireOpen("changes", prefix);
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException("changes are counted for a prefix, and the prefix is empty");
        }
        return changes.get(count(prefix));
    }

    @Override
    public Instant now() {
        requireOpen("now", "");
        return clock.instant();
    }

    @Override
    public StoreCapabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public void close() {
        closed = true;
    }

    private void requireOpen(String operation, String key) {
        if (closed) {
            throw new StorageException(operation, key, StorageException.Retry.NO, "the store is closed", null);
        }
    }
}
