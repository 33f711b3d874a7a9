/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.ChangeCount;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectKeys;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.ProcessWatch;
import io.omniq.store.StorageException;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A store in a directory of a local disk whose writes go to a journal first. What is still alive a moment later becomes a
 * file, as a {@link DirectoryObjectStore} would have written it. Any number of threads, stores and processes of one
 * host may use a directory at the same time, as long as all have the journal.
 *
 * <p>Safe for use by many threads. An interrupted thread gets the normal answer and keeps its interrupt status.
 */
final class JournalObjectStore implements ObjectStore, ProcessWatch, ChangeCount {
    private static final StoreCapabilities CAPABILITIES = new StoreCapabilities(true, Duration.ZERO);

    private final OpenJournal open;
    private final Journal journal;
    private final StoreClock clock;
    private final ObjectReader reader;
    private final boolean flush;
    private final AtomicBoolean closed = new AtomicBoolean();

    private JournalObjectStore(OpenJournal open, StoreClock clock, boolean flush) {
        this.open = open;
        this.journal = open.journal();
        this.clock = clock;
        this.reader = new ObjectReader(journal, clock);
        this.flush = flush;
    }

    /**
     * Opens a directory.
     *
     * @param interval how long a change may be in the journal only
     * @throws StorageException when the directory cannot be used; the message says why
     */
    static JournalObjectStore open(Path path, DirectoryObjectStoreBuilder settings, Duration interval) {
        StoreClock clock = settings.storeClock();
        return new JournalObjectStore(OpenJournal.open(path, settings, interval, clock), clock, settings.isFlushed());
    }

    /** For tests: makes files of everything, and takes over what was done by hand. */
    void settleNow() {
        try {
            open.settling().settleNow();
        } catch (IOException e) {
            throw failure("settle", "", e);
        }
    }

    @Override
    public Optional<StoredObject> get(String key) {
        requireOpen("get", key);
        KeyNames.requireUsable(key);
        try {
            return reader.read(key);
        } catch (IOException e) {
            throw failure("get", key, e);
        }
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        requireOpen("write", "");
        if (writes.isEmpty()) {
            return List.of();
        }
        KeyNames.requireDistinct(writes);
        Submission submission = new Submission(writes, clock.micros(), flush);
        open.commit().submit(submission);
        return submission.outcomes();
    }

    @Override
    public ObjectPage list(ListRequest request) {
        requireOpen("list", request.prefix());
        try {
            return page(journal.current("list", request.prefix()).overlay(), request);
        } catch (IOException e) {
            throw failure("list", request.prefix(), e);
        }
    }

    private ObjectPage page(Overlay overlay, ListRequest request) {
        String startAfter = request.startAfter();
        NavigableMap<byte[], Overlay.Node> tail =
                startAfter != null && ObjectKeys.ORDER.compare(startAfter, request.prefix()) >= 0
                        ? overlay.from(Overlay.bytes(startAfter), false)
                        : overlay.from(Overlay.bytes(request.prefix()), true);
        byte[] prefix = Overlay.bytes(request.prefix());
        String endBefore = request.endBefore();
        byte[] end = endBefore == null ? null : Overlay.bytes(endBefore);
        List<ListedObject> page = new ArrayList<>();
        for (Map.Entry<byte[], Overlay.Node> entry : tail.entrySet()) {
            byte[] key = entry.getKey();
            if (!Overlay.startsWith(key, prefix) || (end != null && Overlay.ORDER.compare(key, end) >= 0)) {
                break;
            }
            if (page.size() == request.limit()) {
                return new ObjectPage(page, true);
            }
            page.add(clock.saw(ObjectReader.listed(Overlay.text(key), entry.getValue())));
        }
        return new ObjectPage(page, false);
    }

    /**
     * The clock of the host, or the time of the newest object seen if that is slightly ahead of it.
     *
     * @throws StorageException when the store is closed
     */
    @Override
    public Instant now() {
        requireOpen("now", "");
        return clock.now();
    }

    @Override
    public StoreCapabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public long changes(String prefix) {
        requireOpen("changes", prefix);
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException("changes are counted for a prefix, and the prefix is empty");
        }
        try {
            return journal.current().overlay().changes().of(Overlay.bytes(prefix));
        } catch (IOException e) {
            throw failure("changes", prefix, e);
        }
    }

    @Override
    public String process() {
        requireOpen("process", "");
        return open.process().name();
    }

    @Override
    public boolean hasEnded(String process) {
        requireOpen("process", process);
        return open.process().isDead(process);
    }

    /**
     * Ends the use of the directory by this store. The last one of a process makes files of all that is in the journal, which
     * takes a moment when that is much. Idempotent; calls that come later fail with {@link StorageException}.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            open.release();
        }
    }

    @Override
    public String toString() {
        return "JournalObjectStore[" + open.directory().layout().root() + "]";
    }

    private StorageException failure(String operation, String key, IOException cause) {
        return closed.get() ? Failures.closed(operation, key) : open.directory().failure(operation, key, cause);
    }

    private void requireOpen(String operation, String key) {
        Objects.requireNonNull(key, "key");
        if (closed.get()) {
            throw Failures.closed(operation, key);
        }
    }
}
