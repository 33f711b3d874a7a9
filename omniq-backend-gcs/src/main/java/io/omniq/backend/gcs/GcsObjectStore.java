/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import com.google.api.gax.paging.Page;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobSourceOption;
import io.omniq.InvalidNameException;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectKeys;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The bucket as an object store. Versions are generations; every write and delete names the one it expects. Nothing is asked
 * twice here: a request that failed is reported as what it is, and the protocol, which knows its own writes, asks again.
 */
final class GcsObjectStore implements ObjectStore {
    private static final Duration MUTATION_INTERVAL = Duration.ofSeconds(1);
    /** Below this many deletes, requests of their own are as fast as a batch. */
    private static final int WORTH_A_BATCH = 3;

    private final GcsSettings settings;
    private final Meter meter = new Meter();
    private final Failures failures;
    private final ListingCache cache;
    private final Reads reads;
    private final Uploads uploads;
    private @Nullable Connection connection; // guarded by this
    private volatile boolean closed;

    GcsObjectStore(GcsSettings settings) {
        this.settings = settings;
        this.failures = new Failures(settings.bucket());
        this.cache = new ListingCache(settings.cacheTimeout(), settings.nanos());
        this.reads = new Reads(settings, failures);
        this.uploads = new Uploads(settings.consistency());
    }

    String bucket() {
        return settings.bucket();
    }

    Meter meter() {
        return meter;
    }

    String prefix() {
        return settings.prefix();
    }

    /** Opens the connection at the first call. */
    synchronized Connection connection() {
        requireOpen("connect", "");
        Connection present = connection;
        if (present == null) {
            present = new Connection(settings, meter);
            connection = present;
        }
        return present;
    }

    private void requireOpen(String operation, String key) {
        if (closed) {
            throw new StorageException(operation, key, StorageException.Retry.NO, "the store is closed", null);
        }
    }

    /** The whole name has to obey the rules of a key, which are the service's. */
    private String name(String key) {
        ObjectKeys.requireValid(key);
        return ObjectKeys.requireValid(settings.prefix() + key);
    }

    private BlobId id(String key) {
        return BlobId.of(settings.bucket(), name(key));
    }

    @Override
    public Optional<StoredObject> get(String key) {
        return reads.read(connection(), key, id(key));
    }

    @Override
    public List<Optional<StoredObject>> getAll(List<String> keys) {
        return sideBySide(keys, this::get);
    }

    /** Each on a thread of its own; the last one on the caller's. */
    private <T, R> List<R> sideBySide(List<T> items, Function<T, R> call) {
        if (items.size() <= 1) {
            return items.stream().map(call).toList();
        }
        Connection open = connection();
        List<CompletableFuture<R>> answers = new ArrayList<>();
        for (T item : items.subList(0, items.size() - 1)) {
            answers.add(started(() -> call.apply(item), open));
        }
        R last = call.apply(items.get(items.size() - 1));
        List<R> all = new ArrayList<>();
        answers.forEach(answer -> all.add(joined(answer)));
        all.add(last);
        return all;
    }

    private static <R> CompletableFuture<R> started(Supplier<R> call, Connection open) {
        try {
            return CompletableFuture.supplyAsync(call, open.executor());
        } catch (RejectedExecutionException e) {
            throw new StorageException("write", "", StorageException.Retry.NO, "the store is closed", e);
        }
    }

    private static <R> R joined(CompletableFuture<R> answer) {
        try {
            return answer.join();
        } catch (java.util.concurrent.CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        ObjectKeys.requireDistinct(writes);
        requireOpen("write", "");
        if (settings.access() == GcsAccess.READ_ONLY && !writes.isEmpty()) {
            throw new StorageException(
                    "write",
                    writes.get(0).key(),
                    StorageException.Retry.NO,
                    "this backend was opened with READ_ONLY access; open it with READ_WRITE to write",
                    null);
        }
        writes.forEach(write -> name(write.key()));
        Connection open = connection();
        List<WriteOutcome> outcomes = isBatch(writes)
                ? new BatchDelete(open, failures, this::refused, this::missing).send(writes, this::id)
                : sideBySide(writes, this::write);
        writes.forEach(write -> cache.changed(write.key()));
        return outcomes;
    }

    private static boolean isBatch(List<Write> writes) {
        return writes.size() >= WORTH_A_BATCH && writes.stream().allMatch(write -> write.kind() == Write.Kind.DELETE);
    }

    private WriteOutcome write(Write write) {
        return switch (write.kind()) {
            case CREATE -> put(write, "create", 0);
            case REPLACE -> {
                Long generation = generation(write.expected());
                yield generation == null ? refused(write) : put(write, "replace", generation);
            }
            case DELETE -> delete(write);
        };
    }

    /** A version of another store matches nothing here. */
    static @Nullable Long generation(Version version) {
        try {
            return Long.valueOf(version.token());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private WriteOutcome put(Write write, String operation, long generation) {
        try {
            Blob blob = uploads.send(connection().storage(), id(write.key()), write, generation);
            Long size = blob.getSize();
            if (settings.consistency() != GcsConsistency.NONE && size != null && size != write.body().length) {
                return WriteOutcome.unknown(new StorageException(
                        operation,
                        write.key(),
                        StorageException.Retry.YES,
                        "the service stored another length: sent=" + write.body().length + " stored=" + size,
                        null));
            }
            connection().time().past(updated(blob));
            return WriteOutcome.applied(version(blob));
        } catch (RuntimeException e) {
            return failed(operation, write, e);
        }
    }

    static Instant updated(Blob blob) {
        return blob.getUpdateTimeOffsetDateTime().toInstant();
    }

    private static Version version(Blob blob) {
        return new Version(Long.toString(blob.getGeneration()));
    }

    private WriteOutcome delete(Write write) {
        Long generation = generation(write.expected());
        if (generation == null) {
            return refused(write);
        }
        try {
            boolean deleted =
                    connection().storage().delete(id(write.key()), BlobSourceOption.generationMatch(generation));
            return deleted ? WriteOutcome.applied(null) : missing(write);
        } catch (RuntimeException e) {
            return failed("delete", write, e);
        }
    }

    /** Of every 404 the client says that nothing was deleted: whether the object is missing, or the bucket, takes a look. */
    private WriteOutcome missing(Write write) {
        try {
            get(write.key());
            return WriteOutcome.refused(WriteOutcome.Status.ABSENT);
        } catch (StorageException e) {
            return WriteOutcome.failed(e);
        }
    }

    private WriteOutcome failed(String operation, Write write, RuntimeException failure) {
        if (Failures.status(failure) == Failures.PRECONDITION) {
            return write.kind() == Write.Kind.CREATE
                    ? WriteOutcome.refused(WriteOutcome.Status.EXISTS)
                    : refused(write);
        }
        StorageException mapped =
                failure instanceof StorageException own ? own : failures.failure(operation, write.key(), failure);
        return Failures.isRefusal(failure) ? WriteOutcome.failed(mapped) : WriteOutcome.unknown(mapped);
    }

    /** The service says only that the condition did not hold: whether there is another version takes a look. */
    private WriteOutcome refused(Write write) {
        try {
            boolean present = connection()
                            .storage()
                            .get(id(write.key()), Storage.BlobGetOption.fields(Storage.BlobField.GENERATION))
                    != null;
            return WriteOutcome.refused(present ? WriteOutcome.Status.CONFLICT : WriteOutcome.Status.ABSENT);
        } catch (RuntimeException e) {
            return WriteOutcome.failed(failures.failure("get", write.key(), e));
        }
    }

    @Override
    public ObjectPage list(ListRequest request) {
        requireOpen("list", request.prefix());
        String end = request.endBefore();
        if (end != null && end.isEmpty()) {
            return new ObjectPage(List.of(), false); // to the service, an empty bound is none
        }
        return cache.page(request, () -> ask(request));
    }

    /**
     * Pages may come short, even empty, and still not be the last one. Each further request begins after the last name seen, so no
     * page token can grow old; only an empty page names nothing else to go on from.
     */
    private ObjectPage ask(ListRequest request) {
        List<ListedObject> lines = new ArrayList<>();
        Page<Blob> page = page(request, request.startAfter());
        while (true) {
            String last = null;
            for (Blob blob : page.getValues()) {
                last = blob.getName().substring(settings.prefix().length());
                if (isKey(last)) {
                    connection().time().past(updated(blob));
                    lines.add(line(last, blob));
                }
            }
            if (!page.hasNextPage() || lines.size() >= request.limit()) {
                return new ObjectPage(lines, page.hasNextPage());
            }
            Page<Blob> present = page;
            page = last == null
                    ? reading("list", request.prefix(), present::getNextPage)
                    : page(request.limit(request.limit() - lines.size()), last);
        }
    }

    /** Others may put things into the bucket, such as a console's placeholders of folders; they are not ours. */
    private static boolean isKey(String key) {
        try {
            ObjectKeys.requireValid(key);
            return true;
        } catch (InvalidNameException e) {
            return false;
        }
    }

    private Page<Blob> page(ListRequest request, @Nullable String after) {
        List<BlobListOption> options = new ArrayList<>(List.of(
                BlobListOption.prefix(settings.prefix() + request.prefix()),
                BlobListOption.pageSize(request.limit()),
                BlobListOption.fields(
                        Storage.BlobField.NAME,
                        Storage.BlobField.GENERATION,
                        Storage.BlobField.UPDATED,
                        Storage.BlobField.METADATA)));
        if (after != null) {
            // The service's lower bound is inclusive. A space is the least that can stand in a name, so this is what
            // comes next.
            options.add(BlobListOption.startOffset(settings.prefix() + after + " "));
        }
        if (request.endBefore() != null) {
            options.add(BlobListOption.endOffset(settings.prefix() + request.endBefore()));
        }
        return reading(
                "list",
                request.prefix(),
                () -> connection().storage().list(settings.bucket(), options.toArray(BlobListOption[]::new)));
    }

    private static ListedObject line(String key, Blob blob) {
        Map<String, String> metadata = blob.getMetadata();
        return new ListedObject(key, version(blob), updated(blob), metadata == null ? Map.of() : metadata);
    }

    private <T> T reading(String operation, String key, Supplier<T> call) {
        try {
            return call.get();
        } catch (StorageException e) {
            throw e;
        } catch (RuntimeException e) {
            throw failures.failure(operation, key, e);
        }
    }

    /** Where nothing was asked yet, a look for an object that is not there, which is free, tells the time. */
    @Override
    public Instant now() {
        Instant known = connection().time().now();
        if (known == null) {
            get("locks/clock.json");
            known = connection().time().now();
        }
        if (known == null) {
            throw new StorageException(
                    "now", "", StorageException.Retry.YES, "the service's answers carry no time", null);
        }
        return known;
    }

    @Override
    public StoreCapabilities capabilities() {
        return new StoreCapabilities(true, MUTATION_INTERVAL);
    }

    @Override
    public synchronized void close() {
        closed = true;
        Connection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }
}
