/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.ResultStatus;
import io.omniq.model.TaskResult;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads and changes what became of the tasks of batches: read, merge, conditional write, and again if another was faster. */
final class BatchResults {
    private final Protocol protocol;

    BatchResults(Protocol protocol) {
        this.protocol = protocol;
    }

    /**
     * What was seen of a batch's results.
     *
     * @param result the marks; all open where there is no object
     * @param version the object's version, or null where there is none
     */
    record Seen(BatchResult result, @Nullable Version version) {
        static Seen nothing(BatchDefinition batch) {
            return new Seen(BatchResult.open(batch), null);
        }
    }

    /**
     * The results of a batch.
     *
     * @throws UnreadableRecordException when they cannot be read
     */
    Seen read(BatchDefinition batch) {
        return protocol.results
                .get(Layout.result(batch.id()))
                .map(BatchResults::seen)
                .orElseGet(() -> Seen.nothing(batch));
    }

    /** The same for those who are not asked by a caller: damaged ones are set aside, and count as none. */
    Seen readable(BatchDefinition batch) {
        return readable(batch, protocol.results.get(Layout.result(batch.id())));
    }

    Seen readable(BatchDefinition batch, Optional<StoredObject> object) {
        return object.flatMap(this::readable).orElseGet(() -> Seen.nothing(batch));
    }

    /** Of an object that was read; empty where it is damaged, which sets it aside. */
    Optional<Seen> readable(StoredObject object) {
        try {
            return Optional.of(seen(object));
        } catch (UnreadableRecordException e) {
            if (e.newerFormat()) {
                throw e; // it may say that all have ended
            }
            protocol.quarantine(protocol.results).setAside(object, e);
            return Optional.empty();
        }
    }

    private static Seen seen(StoredObject object) {
        return new Seen(BatchResult.read(object), object.version());
    }

    /**
     * Changes the marks.
     *
     * @param seen what was seen last
     * @param change makes the marks that should stand of those that do; the same object where nothing is to change
     * @return what stands now; without the change where the batch has been removed meanwhile
     */
    @SuppressWarnings("ReferenceEquality") // a change that changes nothing answers what it was given
    Seen change(Seen seen, UnaryOperator<BatchResult> change) {
        Seen last = seen;
        while (true) {
            BatchResult next = change.apply(last.result());
            if (next == last.result()) {
                return last;
            }
            Settled settled = protocol.results.write(draft(last, next));
            if (settled.applied()) {
                return new Seen(next, settled.newVersion());
            }
            StoredObject current = settled.current();
            Optional<Seen> now = current == null ? Optional.empty() : readable(current);
            BatchResult open = BatchResult.open(
                    last.result().batchId(), last.result().size(), last.result().definition());
            if (now.isEmpty() && !isPresent(last.result())) {
                return new Seen(open, null); // removed, task and all
            }
            last = now.orElseGet(() -> new Seen(open, null));
        }
    }

    private Draft draft(Seen last, BatchResult next) {
        String key = Layout.result(next.batchId());
        String nonce = protocol.nonces.next();
        return last.version() == null
                ? Draft.create(key, next.write(), nonce, next.attributes())
                : Draft.replace(key, last.version(), next.write(), nonce, next.attributes());
    }

    private boolean isPresent(BatchResult result) {
        return protocol.tasks.get(Layout.task(result.batchId())).isPresent();
    }

    /** Ends all that are open, because nobody will ever be able to read what they are. */
    void endDamaged(String batchId, UnreadableRecordException reason) {
        TaskResult result = TaskResult.builder(batchId, ResultStatus.ERROR, protocol.now())
                .error(ErrorTexts.message(reason))
                .errorType(reason.getClass().getName())
                .ttl(protocol.settings.failedResultTtl())
                .expiresAt(protocol.now().plus(protocol.settings.failedResultTtl()))
                .build();
        Seen seen = protocol.results
                .get(Layout.result(batchId))
                .flatMap(this::readable)
                .orElseGet(() -> new Seen(BatchResult.open(batchId, 0, "damaged"), null));
        change(seen, now -> now.damaged(new Outcome(result, now.definition(), null)));
    }
}
