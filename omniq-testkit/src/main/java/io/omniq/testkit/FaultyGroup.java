/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.store.ObjectStore;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One group of writes on its way through a {@link FaultyObjectStore}. What reaches the store travels as one group, what
 * is sent again as a second one; keys tell the writes of a group apart, since none is named twice.
 */
final class FaultyGroup {
    private final FaultLog log;
    private final ObjectStore store;
    private final List<Write> writes;
    private final Map<String, Fault> faults;
    private final Map<String, WriteOutcome> answers = new LinkedHashMap<>();
    private final List<Write> late = new ArrayList<>();

    /** The faults by the key of the write they hit. */
    FaultyGroup(FaultLog log, ObjectStore store, List<Write> writes, Map<String, Fault> faults) {
        this.log = log;
        this.store = store;
        this.writes = writes;
        this.faults = faults;
    }

    /** Sends the group and returns an answer for each write, in order. */
    List<WriteOutcome> send() {
        List<Write> sent = new ArrayList<>();
        for (Write write : writes) {
            if (reachesTheStore(write)) {
                sent.add(write);
            }
        }
        forward(sent);
        repeat(sent);
        loseAnswers(sent);
        return writes.stream().map(this::answer).toList();
    }

    /** The writes that are still on their way. */
    List<Write> late() {
        return late;
    }

    private boolean reachesTheStore(Write write) {
        Fault fault = faults.get(write.key());
        if (fault == null || fault == Fault.LOST_ANSWER || fault == Fault.REPEATED) {
            return true;
        }
        if (fault == Fault.OVERTAKEN) {
            overtake(write);
            return true;
        }
        if (fault == Fault.LATE) {
            late.add(write);
        }
        log.count(fault);
        answers.put(
                write.key(),
                fault == Fault.FAIL
                        ? WriteOutcome.failed(log.failure(fault, StoreOperation.of(write), write.key()))
                        : WriteOutcome.unknown(log.failure(fault, StoreOperation.of(write), write.key())));
        return false;
    }

    private void overtake(Write write) {
        Optional<StoredObject> found =
                store.get(write.key()).filter(object -> object.version().equals(write.expected()));
        if (found.isPresent()) {
            StoredObject object = found.get();
            Write foreign = Write.replace(object.key(), object.version(), object.body(), object.attributes());
            if (store.write(List.of(foreign)).get(0).isApplied()) {
                log.count(Fault.OVERTAKEN);
            }
        }
    }

    private void forward(List<Write> group) {
        List<WriteOutcome> outcomes = group.isEmpty() ? List.of() : store.write(group);
        for (int i = 0; i < group.size(); i++) {
            answers.put(group.get(i).key(), outcomes.get(i));
        }
    }

    private void repeat(List<Write> sent) {
        List<Write> again = sent.stream()
                .filter(write -> faults.get(write.key()) == Fault.REPEATED)
                .filter(write -> answer(write).isApplied())
                .toList();
        again.forEach(write -> log.count(Fault.REPEATED));
        forward(again);
    }

    private void loseAnswers(List<Write> sent) {
        for (Write write : sent) {
            if (faults.get(write.key()) == Fault.LOST_ANSWER) {
                log.count(Fault.LOST_ANSWER);
                answers.put(
                        write.key(),
                        WriteOutcome.unknown(log.failure(Fault.LOST_ANSWER, StoreOperation.of(write), write.key())));
            }
        }
    }

    private WriteOutcome answer(Write write) {
        @Nullable WriteOutcome answer = answers.get(write.key());
        if (answer == null) {
            throw new IllegalStateException("a write has no answer: write=" + write);
        }
        return answer;
    }
}
