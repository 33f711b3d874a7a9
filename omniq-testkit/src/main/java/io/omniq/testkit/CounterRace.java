/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.ObjectStore;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Threads that raise one counter by compare-and-set. The counter has a column for each thread and only its owner raises
 * it, by one at a time: so every thread notices at once when an update of its own was undone or applied against the
 * answer, and the last value is known exactly.
 */
final class CounterRace {
    private static final String KEY = "race/counter";

    /** Bounds the attempts at one step: no fair share of luck needs as many. */
    private static final int MOST_ATTEMPTS = 100_000;

    private final List<ObjectStore> handles;
    private final int threads;
    private final Effort effort;

    /** Spreads the threads over handles on the same data. */
    CounterRace(List<ObjectStore> handles, int threads) {
        this.handles = handles;
        this.threads = threads;
        this.effort = Effort.on(handles.get(0), 25);
    }

    void run() throws Exception {
        ObjectStore first = handles.get(0);
        List<Integer> zero = Collections.nCopies(threads, 0);
        assertThat(StoreTopic.write(first, Write.create(KEY, body(zero))).status())
                .isEqualTo(Status.APPLIED);

        List<Integer> steps = Crew.run(threads, this::raise);

        for (ObjectStore handle : handles) {
            assertThat(columns(read(handle))).as("counter after the race").isEqualTo(steps);
        }
    }

    private int raise(int column) {
        ObjectStore store = handles.get(column % handles.size());
        int steps = 0;
        while (effort.goesOnAfter(steps)) {
            steps++;
            raiseTo(store, column, steps);
        }
        return steps;
    }

    private static void raiseTo(ObjectStore store, int column, int target) {
        boolean mayHaveLanded = false;
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            StoredObject seen = read(store);
            List<Integer> columns = columns(seen);
            int own = columns.get(column);
            if (mayHaveLanded && own == target) {
                return;
            }
            assertThat(own)
                    .as("column %d, which nobody else writes, before step %d", column, target)
                    .isEqualTo(target - 1);
            columns.set(column, target);
            WriteOutcome outcome = StoreTopic.write(store, Write.replace(KEY, seen.version(), body(columns)));
            if (outcome.isApplied()) {
                return;
            }
            mayHaveLanded |= outcome.status() == Status.UNKNOWN;
            assertThat(mayRetry(outcome))
                    .as("answer to a compare-and-set: %s", outcome)
                    .isTrue();
        }
        throw new AssertionError("no compare-and-set landed in attempts=" + MOST_ATTEMPTS);
    }

    /** Whether the answer is one a healthy store gives in a race; a bucket may ask for fewer writes per second. */
    private static boolean mayRetry(WriteOutcome outcome) {
        Thread.onSpinWait();
        return !Thread.currentThread().isInterrupted()
                && switch (outcome.status()) {
                    case CONFLICT, UNKNOWN -> true;
                    case FAILED -> outcome.failure().orElseThrow().retryable();
                    case APPLIED, EXISTS, ABSENT -> false;
                };
    }

    private static StoredObject read(ObjectStore store) {
        return store.get(KEY).orElseThrow(() -> new AssertionError("the counter is gone: key=" + KEY));
    }

    private static List<Integer> columns(StoredObject counter) {
        String text = new String(counter.body(), StandardCharsets.UTF_8);
        return Arrays.stream(text.split(" ")).map(Integer::valueOf).collect(Collectors.toList());
    }

    private static byte[] body(List<Integer> columns) {
        return columns.stream()
                .map(String::valueOf)
                .collect(Collectors.joining(" "))
                .getBytes(StandardCharsets.UTF_8);
    }
}
