/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.internal.util.Surroundings;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.ChangeCount;
import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.ProcessWatch;
import io.omniq.store.StorageException;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store whose passing faults are retried and whose doubtful writes are looked up. It never turns a failure into "nothing
 * there": what cannot be settled is thrown.
 *
 * <p>A write that answers unknown, exists or conflict is read again and compared by nonce before it is believed lost,
 * because an answer may have been lost on the way and the call repeated below us.
 */
final class ReliableStore {
    private static final int ATTEMPTS = 6;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    /** What a store that limits changes of one object wants between two of them. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ObjectStore store;
    private final Surroundings surroundings;
    private final RetryBudget budget = new RetryBudget();

    ReliableStore(ObjectStore store, Surroundings surroundings) {
        this.store = store;
        this.surroundings = surroundings;
    }

    ObjectStore raw() {
        return store;
    }

    /** The store's eye on processes, if it has one. */
    Optional<ProcessWatch> watch() {
        return store instanceof ProcessWatch watch ? Optional.of(watch) : Optional.empty();
    }

    /** The store's count of changes under a prefix, if it has one. */
    Optional<Long> changes(String prefix) {
        return store instanceof ChangeCount count
                ? Optional.of(retrying(() -> count.changes(prefix)))
                : Optional.empty();
    }

    Instant now() {
        return retrying(store::now);
    }

    Optional<StoredObject> get(String key) {
        return retrying(() -> store.get(key));
    }

    /** Whether an object still has the version it was read with. */
    boolean isUnchanged(StoredObject object) {
        return get(object.key())
                .filter(now -> now.version().equals(object.version()))
                .isPresent();
    }

    List<Optional<StoredObject>> getAll(List<String> keys) {
        return retrying(() -> store.getAll(keys));
    }

    ObjectPage list(ListRequest request) {
        return retrying(() -> store.list(request));
    }

    Settled write(Draft draft) {
        return write(List.of(draft)).get(0);
    }

    /** The same for a write that is not worth waiting for: where the store asks for patience, it is lost. */
    Settled writeAtOnce(Draft draft) {
        Sent sent = writeAtOnce(List.of(draft));
        return sent.settled().get(0).orElseThrow(() -> sent.failure().orElseThrow());
    }

    /**
     * Writes that are not worth waiting for, each for itself: where the store asks for patience, a write is lost; where
     * one fails, the others count all the same.
     */
    Sent writeAtOnce(List<Draft> drafts) {
        @Nullable Settled[] settled = new Settled[drafts.size()];
        StorageException failure;
        try {
            failure = send(drafts, settled, Patience.NONE);
        } catch (StorageException e) { // of a look
            failure = e;
        }
        boolean givesUp = failure != null && failure.retryLater();
        for (int i = 0; givesUp && i < settled.length; i++) {
            settled[i] = settled[i] == null ? Settled.lost(null) : settled[i];
        }
        return Sent.of(settled, givesUp ? null : failure);
    }

    /** The same with patience. */
    Sent writeEach(List<Draft> drafts) {
        @Nullable Settled[] settled = new Settled[drafts.size()];
        return Sent.of(settled, send(drafts, settled, Patience.SOME));
    }

    /**
     * What became of writes that stand each for itself.
     *
     * @param settled for each what is known, empty where nothing is
     * @param failure why
     */
    record Sent(List<Optional<Settled>> settled, Optional<StorageException> failure) {
        private static Sent of(@Nullable Settled[] settled, @Nullable StorageException failure) {
            List<Optional<Settled>> known = new ArrayList<>(settled.length);
            for (Settled one : settled) {
                known.add(Optional.ofNullable(one));
            }
            return new Sent(known, Optional.ofNullable(failure));
        }
    }

    private enum Patience {
        /** Waits where the store asks for it. */
        SOME,
        /** Gives up then. */
        NONE
    }

    /** Settles every write of the group, or throws when one cannot be. Nothing is sent for an empty group. */
    List<Settled> write(List<Draft> drafts) {
        @Nullable Settled[] settled = new Settled[drafts.size()];
        StorageException failure = send(drafts, settled, Patience.SOME);
        if (failure != null) {
            throw failure;
        }
        List<Settled> all = new ArrayList<>(settled.length);
        for (Settled one : settled) {
            all.add(Objects.requireNonNull(one));
        }
        return all;
    }

    /** Sends until everything is settled; returns why something is not. */
    private @Nullable StorageException send(List<Draft> drafts, @Nullable Settled[] settled, Patience patience) {
        StorageException last = null;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            last = sendOpen(drafts, settled, patience);
            if (last == null) {
                budget.succeeded(attempt > 1);
                return null;
            }
            boolean givesUp = !last.retryable() || (last.retryLater() && patience == Patience.NONE);
            if (givesUp || attempt == ATTEMPTS || !pauseBefore(attempt, last)) {
                break;
            }
        }
        return last;
    }

    /** Sends what is not settled yet; returns a failure when something stays open. */
    private @Nullable StorageException sendOpen(List<Draft> drafts, @Nullable Settled[] settled, Patience patience) {
        List<Integer> open = new ArrayList<>(settled.length);
        List<Write> writes = new ArrayList<>(settled.length);
        for (int i = 0; i < settled.length; i++) {
            if (settled[i] == null) {
                open.add(i);
                writes.add(drafts.get(i).write());
            }
        }
        if (writes.isEmpty()) {
            return null;
        }
        List<WriteOutcome> outcomes;
        try {
            outcomes = store.write(writes);
        } catch (StorageException e) {
            return e;
        }
        settle(drafts, open, outcomes, settled);
        StorageException failure = null;
        for (int n = 0; n < writes.size(); n++) {
            int i = open.get(n);
            if (settled[i] == null) {
                StorageException mine = outcomes.get(n).failure().orElseThrow();
                if (mine.retryLater() && patience == Patience.NONE) {
                    settled[i] = Settled.lost(null);
                } else {
                    failure = failure == null || failure.retryable() ? mine : failure;
                }
            }
        }
        return failure;
    }

    /** What the answers say; where they leave a doubt, what stands there now is read, all in one call. */
    private void settle(
            List<Draft> drafts, List<Integer> open, List<WriteOutcome> outcomes, @Nullable Settled[] settled) {
        List<Integer> doubtful = new ArrayList<>();
        for (int n = 0; n < outcomes.size(); n++) {
            WriteOutcome outcome = outcomes.get(n);
            switch (outcome.status()) {
                case APPLIED ->
                    settled[open.get(n)] = Settled.landed(outcome.version().orElse(null));
                case ABSENT -> settled[open.get(n)] = Settled.lost(null);
                case EXISTS, CONFLICT, UNKNOWN -> doubtful.add(n);
                case FAILED -> {}
            }
        }
        if (doubtful.isEmpty()) {
            return;
        }
        List<Optional<StoredObject>> now = getEach(doubtful.stream()
                .map(n -> drafts.get(open.get(n)).write().key())
                .toList());
        for (int d = 0; d < doubtful.size(); d++) {
            int n = doubtful.get(d);
            boolean mayBeOpen = outcomes.get(n).status() == WriteOutcome.Status.UNKNOWN;
            settled[open.get(n)] = judge(drafts.get(open.get(n)), now.get(d).orElse(null), mayBeOpen);
        }
    }

    private List<Optional<StoredObject>> getEach(List<String> keys) {
        return keys.size() == 1 ? List.of(get(keys.get(0))) : getAll(keys);
    }

    /** What stands there now tells. Returns null when the write has not landed and should be sent again. */
    private @Nullable Settled judge(Draft draft, @Nullable StoredObject current, boolean mayBeOpen) {
        Write write = draft.write();
        if (write.kind() == Write.Kind.DELETE) {
            boolean untouched = current != null && current.version().equals(write.expected());
            return untouched && mayBeOpen ? null : current == null ? Settled.found(null) : Settled.lost(current);
        }
        if (current == null) {
            // A create that met an object which is gone by now has lost to it; one that may not have landed is open.
            return write.kind() == Write.Kind.CREATE && mayBeOpen ? null : Settled.lost(null);
        }
        if (isMine(draft, current)) {
            return Settled.found(current.version());
        }
        boolean untouched =
                write.kind() == Write.Kind.REPLACE && current.version().equals(write.expected());
        return untouched && mayBeOpen ? null : Settled.lost(current);
    }

    private static boolean isMine(Draft draft, StoredObject current) {
        if (draft.nonce() == null) {
            return Arrays.equals(draft.write().body(), current.body());
        }
        try {
            JsonNode put = Json.parse(current.key(), current.body()).get("put");
            return put != null && draft.nonce().equals(put.textValue());
        } catch (UnreadableRecordException e) {
            return false; // whatever stands there, it is not what we wrote
        }
    }

    private <T> T retrying(Supplier<T> call) {
        for (int attempt = 1; ; attempt++) {
            try {
                T answer = call.get();
                budget.succeeded(attempt > 1);
                return answer;
            } catch (StorageException e) {
                if (!e.retryable() || attempt == ATTEMPTS || !pauseBefore(attempt, e)) {
                    throw e;
                }
            }
        }
    }

    /** Full jitter; false when retries are used up, or the thread is interrupted and should give up. */
    private boolean pauseBefore(int attempt, StorageException failure) {
        if (!budget.take()) {
            return false;
        }
        Duration least = failure.retryLater() ? PATIENCE : Duration.ZERO;
        Duration most = failure.retryLater() ? PATIENCE : FIRST_PAUSE.multipliedBy(1L << (attempt - 1));
        return surroundings.pause().pause(least.plus(surroundings.randomUpTo(most)));
    }
}
