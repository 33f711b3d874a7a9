/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.store.StorageException;
import io.omniq.store.StoredObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Reads the entries of candidates whose listing does not say enough. */
final class EntryReader {
    private final Protocol protocol;
    private final LongSupplier observations;

    /**
     * A reader for one claimer.
     *
     * @param protocol the protocol
     * @param observations counts what is seen
     */
    EntryReader(Protocol protocol, LongSupplier observations) {
        this.protocol = protocol;
        this.observations = observations;
    }

    /** Reads entries in one call. Where that fails each is read alone: one that is to blame keeps back only itself, unless it is first. */
    void read(List<Candidate> candidates) {
        try {
            List<Optional<StoredObject>> objects =
                    protocol.tasks.getAll(candidates.stream().map(c -> c.key).toList());
            for (int i = 0; i < objects.size(); i++) {
                take(candidates.get(i), objects.get(i));
            }
        } catch (StorageException e) {
            if (candidates.size() == 1) {
                throw e;
            }
            readEach(candidates);
        }
    }

    private void readEach(List<Candidate> candidates) {
        boolean first = true;
        for (Candidate candidate : candidates) {
            try {
                take(candidate, protocol.tasks.get(candidate.key));
            } catch (StorageException e) {
                if (first) {
                    throw e;
                }
                candidate.passedOver = true;
                protocol.tally.storageFailure("read of entry " + candidate.key, e);
            }
            first = false;
        }
    }

    /** What is not there, or cannot be understood, leaves the candidate as it is. */
    private void take(Candidate candidate, Optional<StoredObject> object) {
        object.flatMap(o -> protocol.taskQuarantine.readable(o, Entry::read)).ifPresent(entry -> {
            candidate.entry = entry;
            candidate.version = object.get().version();
            candidate.updated = object.get().updated();
            candidate.whole = true;
            candidate.seen = observations.getAsLong();
        });
    }

    /** Those whose bodies are known, or say the same as what was known of them; the others show again in the next listing. */
    List<Candidate> whole(List<Candidate> chosen) {
        List<Candidate> partial = chosen.stream().filter(c -> !c.whole).toList();
        if (partial.isEmpty()) {
            return chosen;
        }
        Map<Candidate, Entry> mirrored = new HashMap<>();
        partial.forEach(c -> mirrored.put(c, c.entry));
        read(partial);
        return chosen.stream()
                .filter(c -> c.whole && (!mirrored.containsKey(c) || sameStanding(mirrored.get(c), c.entry)))
                .toList();
    }

    private static boolean sameStanding(@Nullable Entry mirrored, @Nullable Entry read) {
        return mirrored != null
                && read != null
                && mirrored.state() == read.state()
                && mirrored.attempt() == read.attempt()
                && Objects.equals(mirrored.workerId(), read.workerId());
    }
}
