/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StoredObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Removes members of batches whose outcome is past its time, and batches without members. */
final class BatchRetention {
    private final Protocol protocol;
    private final BatchResults results;
    private final BatchRemoval removal;
    private final Commits commits;

    BatchRetention(Protocol protocol) {
        this.protocol = protocol;
        this.results = new BatchResults(protocol);
        this.removal = new BatchRemoval(protocol);
        this.commits = new Commits(protocol);
    }

    /**
     * Looks at the results of one batch.
     *
     * @param object the results
     * @param now the time
     * @param awaited tasks that somebody still waits for: they stay
     * @return how many outcomes were removed
     */
    int clean(StoredObject object, Instant now, Set<String> awaited) {
        try {
            return results.readable(object)
                    .map(seen -> clean(seen, now, awaited))
                    .orElse(0);
        } catch (UnreadableRecordException e) {
            protocol.setAside(e);
            return 0;
        }
    }

    private int clean(BatchResults.Seen seen, Instant now, Set<String> awaited) {
        BatchResult result = seen.result();
        Optional<StoredObject> stored = protocol.tasks.get(Layout.task(result.batchId()));
        Optional<BatchDefinition> batch = stored.flatMap(commits::batch);
        if (batch.isEmpty()) {
            boolean isAwaited = awaited.stream().anyMatch(id -> isOf(result, id));
            return stored.isEmpty() && result.isForgotten(now) && !isAwaited ? forget(seen) : 0;
        }
        List<Integer> past = result.outcomes().entrySet().stream()
                .filter(outcome -> BatchResult.isPast(outcome.getValue(), now))
                .map(Map.Entry::getKey)
                .filter(number -> !awaited.contains(BatchIds.member(result.batchId(), number)))
                .toList();
        BatchResults.Seen left = removal.remove(stored.get(), batch.get(), seen, past);
        return (int) past.stream()
                .filter(number -> left.result().mark(number) == BatchResult.Mark.REMOVED)
                .count();
    }

    private static boolean isOf(BatchResult result, String id) {
        return BatchIds.isMember(id) && BatchIds.batch(id).equals(result.batchId());
    }

    /** Nobody knows the tasks any more. */
    private int forget(BatchResults.Seen seen) {
        Draft delete = Draft.delete(
                Layout.result(seen.result().batchId()), java.util.Objects.requireNonNull(seen.version(), "version"));
        return protocol.results.write(delete).applied()
                ? Math.max(1, seen.result().outcomes().size())
                : 0;
    }
}
