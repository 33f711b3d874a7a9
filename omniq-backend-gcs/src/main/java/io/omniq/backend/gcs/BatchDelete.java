/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Storage.BlobSourceOption;
import com.google.cloud.storage.StorageBatch;
import com.google.cloud.storage.StorageBatchResult;
import io.omniq.store.StorageException;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Deletes many objects with few requests. Each deletion has its own condition and its own answer. */
final class BatchDelete {
    /** The service takes no more parts in one batch. */
    private static final int MOST = 100;

    private final Connection connection;
    private final Failures failures;
    private final Function<Write, WriteOutcome> refused;
    private final Function<Write, WriteOutcome> missing;
    /** What a 404 means; one bucket has them all, so it is asked for once. */
    private @Nullable WriteOutcome absent;

    /**
     * A group of deletions.
     *
     * @param refused says what a condition that did not hold means
     * @param missing says what it means that nothing was there
     */
    BatchDelete(
            Connection connection,
            Failures failures,
            Function<Write, WriteOutcome> refused,
            Function<Write, WriteOutcome> missing) {
        this.connection = connection;
        this.failures = failures;
        this.refused = refused;
        this.missing = missing;
    }

    List<WriteOutcome> send(List<Write> deletes, Function<String, BlobId> ids) {
        List<WriteOutcome> outcomes = new ArrayList<>();
        for (int from = 0; from < deletes.size(); from += MOST) {
            outcomes.addAll(part(deletes.subList(from, Math.min(from + MOST, deletes.size())), ids));
        }
        return outcomes;
    }

    private List<WriteOutcome> part(List<Write> deletes, Function<String, BlobId> ids) {
        StorageBatch batch = connection.storage().batch();
        List<@Nullable StorageBatchResult<Boolean>> results = new ArrayList<>();
        for (Write delete : deletes) {
            Long generation = GcsObjectStore.generation(delete.expected());
            results.add(
                    generation == null
                            ? null
                            : batch.delete(ids.apply(delete.key()), BlobSourceOption.generationMatch(generation)));
        }
        try {
            batch.submit();
        } catch (RuntimeException e) {
            WriteOutcome[] all = new WriteOutcome[deletes.size()];
            Arrays.setAll(all, i -> failed(deletes.get(i), e));
            return Arrays.asList(all);
        }
        List<WriteOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < deletes.size(); i++) {
            if (results.get(i) != null) {
                connection.meter().count(Meter.Verb.DELETE, 0);
            }
            outcomes.add(outcome(deletes.get(i), results.get(i)));
        }
        return outcomes;
    }

    private WriteOutcome outcome(Write delete, @Nullable StorageBatchResult<Boolean> result) {
        if (result == null) {
            return refused.apply(delete);
        }
        try {
            return Objects.requireNonNull(result.get()) ? WriteOutcome.applied(null) : absent(delete);
        } catch (RuntimeException e) {
            return failed(delete, e);
        }
    }

    private WriteOutcome absent(Write delete) {
        WriteOutcome known = absent;
        if (known == null) {
            known = missing.apply(delete);
            absent = known;
        }
        return known;
    }

    private WriteOutcome failed(Write delete, RuntimeException failure) {
        if (Failures.status(failure) == Failures.PRECONDITION) {
            return refused.apply(delete);
        }
        StorageException mapped = failures.failure("delete", delete.key(), failure);
        return Failures.isRefusal(failure) ? WriteOutcome.failed(mapped) : WriteOutcome.unknown(mapped);
    }
}
