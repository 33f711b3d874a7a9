/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StorageException;
import io.omniq.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What dead workers leave on a store that limits changes: entries of tasks that ended just before, which stand in front of those
 * that were running. They are dead weight, whoever holds them, so they go without a claim, many with one look. It only saves
 * time: what it leaves alone is found out by a claim.
 */
final class Remains {
    private static final int MOST_AT_ONCE = 100;

    private final Protocol protocol;
    private final EntryRemoval removal;
    private final String ownId;

    Remains(Protocol protocol, @Nullable Departures departures, String ownId) {
        this.protocol = protocol;
        this.removal = new EntryRemoval(protocol, departures);
        this.ownId = ownId;
    }

    /** Whether others held it, and nobody here has looked yet whether its task has ended. */
    boolean isWorthALook(Candidate candidate) {
        Entry entry = candidate.entry;
        return removal.isDeferred()
                && !candidate.lookedAt
                && candidate.whole
                && entry != null
                && entry.state() == Entry.State.RUNNING
                && !ownId.equals(entry.workerId())
                && !BatchIds.isBatch(entry.taskId())
                && !BatchIds.isMember(entry.taskId())
                && protocol.tasks.raw() == protocol.results.raw();
    }

    /** Sees to it that entries of ended tasks go: of the first that the same worker held, with one call. */
    void look(Iterable<Candidate> candidates, Candidate first) {
        String worker = entry(first).workerId();
        List<Candidate> worth = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (worth.size() < MOST_AT_ONCE
                    && isWorthALook(candidate)
                    && Objects.equals(worker, entry(candidate).workerId())) {
                candidate.lookedAt = true;
                worth.add(candidate);
            }
        }
        List<Optional<StoredObject>> read;
        try {
            read = protocol.tasks.getAll(worth.stream()
                    .map(candidate -> entry(candidate).taskId())
                    .flatMap(id -> Stream.of(Layout.task(id), Layout.result(id)))
                    .toList());
        } catch (StorageException e) {
            protocol.tally.storageFailure("look for what ended", e); // a claim will tell
            return;
        }
        for (int i = 0; i < worth.size(); i++) {
            Optional<StoredObject> task = read.get(2 * i);
            Optional<StoredObject> result = read.get(2 * i + 1);
            if (task.isPresent() && result.isPresent() && isEnd(task.get(), result.get(), entry(worth.get(i)))) {
                Candidate ended = worth.get(i);
                removal.tidy(ended.key, entry(ended).taskId(), new HeldClaim.State(entry(ended), ended.version));
            }
        }
    }

    private static Entry entry(Candidate candidate) {
        return Objects.requireNonNull(candidate.entry);
    }

    /**
     * Whether this is the end of the task that the entry is of: it names the definition, and that was there before the entry and was
     * read after it, so both are of the same life.
     */
    private static boolean isEnd(StoredObject task, StoredObject result, Entry entry) {
        try {
            return Definition.read(task, entry.taskId())
                    .filter(definition ->
                            definition.nonce().equals(Outcome.read(result).definition()))
                    .isPresent();
        } catch (UnreadableRecordException e) {
            return false; // a claim will tell
        }
    }
}
