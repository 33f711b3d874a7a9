/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static io.omniq.backend.file.Stores.create;
import static io.omniq.backend.file.Stores.keys;
import static io.omniq.backend.file.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.ObjectStore;
import io.omniq.store.StoredObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one directory, and the sudden end of some. */
@Timeout(180)
class DirectoryProcessesTest {
    private static final int PROCESSES = 4;

    @TempDir
    Path root;

    private final List<Child> children = new ArrayList<>();

    @AfterEach
    void endChildren() {
        children.forEach(Child::close);
    }

    /** The layout under test. */
    FileLayout layout() {
        return FileLayout.PLAIN;
    }

    @Test
    void aCounterOfFourProcessesEndsExact() throws Exception {
        try (ObjectStore store = StoreProcess.open(layout(), root)) {
            create(store, "counter", "0");

            run("count", "1", "150", "counter");

            assertThat(text(store, "counter")).isEqualTo(Integer.toString(PROCESSES * 150));
        }
    }

    @Test
    void threadsOfFourProcessesOnManyKeysWaitForEachOtherWithoutDeadlock() throws Exception {
        // Threads of two processes that each hold a lock the other waits for: the system calls that a deadlock.
        List<String> counters =
                IntStream.range(0, 8).mapToObj(i -> "counters/" + i).toList();
        try (ObjectStore store = StoreProcess.open(layout(), root)) {
            counters.forEach(key -> create(store, key, "0"));

            run("count", "4", "150", String.join(",", counters));

            int sum = counters.stream()
                    .mapToInt(key -> Integer.parseInt(text(store, key)))
                    .sum();
            assertThat(sum).isEqualTo(PROCESSES * 4 * 150);
        }
    }

    @Test
    void interruptedThreadsWaitForTheLocksOfOtherProcesses() throws Exception {
        try (ObjectStore store = StoreProcess.open(layout(), root)) {
            create(store, "counter", "0");
            Child child = start("count", root.toString(), "2", "400", "counter");
            Thread victim = Thread.currentThread();
            CompletableFuture<List<String>> said = new CompletableFuture<>();
            Thread storm = new Thread(() -> {
                while (!said.isDone()) {
                    victim.interrupt();
                    Thread.onSpinWait();
                }
            });
            new Thread(() -> said.completeAsync(child::rest, Runnable::run)).start();
            storm.start();
            child.go();

            int own = 0;
            while (!said.isDone()) {
                victim.interrupt();
                DirectorySharingTest.increment(store, "counter");
                assertThat(victim.isInterrupted()).as("interrupt status").isTrue();
                own++;
            }
            awaitEnd(storm);

            assertThat(said.join()).containsExactly("done");
            assertThat(text(store, "counter")).isEqualTo(Integer.toString(own + 800));
        }
    }

    private static void awaitEnd(Thread storm) throws InterruptedException {
        boolean over = false;
        while (!over) {
            try {
                storm.join();
                over = true;
            } catch (InterruptedException e) {
                over = !storm.isAlive();
            }
        }
        Thread.interrupted();
    }

    /** Runs the same in all processes and waits for their end. */
    private void run(String what, String... args) throws Exception {
        List<String> all = new ArrayList<>(List.of(what, root.toString()));
        all.addAll(List.of(args));
        for (int i = 0; i < PROCESSES; i++) {
            start(all.toArray(String[]::new));
        }
        for (Child child : children) {
            child.go();
        }
        for (Child child : children) {
            assertThat(child.rest()).containsExactly("done");
            assertThat(child.exitValue()).isZero();
        }
    }

    @Test
    void aKeyCreatedByFourProcessesHasOneWinner() throws Exception {
        int keys = 300;
        for (int i = 0; i < PROCESSES; i++) {
            start("create", root.toString(), Integer.toString(keys), "process-" + i);
        }
        for (Child child : children) {
            child.go();
        }

        Map<String, String> winners = new HashMap<>();
        for (int i = 0; i < PROCESSES; i++) {
            for (String line : children.get(i).rest()) {
                if (line.startsWith("won ")) {
                    String before = winners.put("race/" + line.substring(4), "process-" + i);
                    assertThat(before).as("other winner of %s", line).isNull();
                }
            }
            assertThat(children.get(i).exitValue()).isZero();
        }

        assertThat(winners).hasSize(keys);
        try (ObjectStore store = StoreProcess.open(layout(), root)) {
            winners.forEach((key, winner) -> assertThat(text(store, key)).isEqualTo(winner));
            assertThat(keys(store, "")).hasSize(keys);
        }
    }

    @Test
    void nothingAcknowledgedIsLostWhenProcessesAreKilled() throws Exception {
        long seed = 20_260_215;
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, String> expected = new HashMap<>();
        for (int round = 0; round < 8; round++) {
            List<Child> writers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                writers.add(start("write", root.toString(), "kill-" + i, Long.toString(round * 2L + i + 1)));
            }
            for (Child writer : writers) {
                writer.go();
            }
            for (Child writer : writers) {
                follow(writer, expected, random.nextInt(1, 1500));
            }

            try (ObjectStore store = StoreProcess.open(layout(), root)) {
                assertThat(contents(store)).as("seed=%d round=%d", seed, round).isEqualTo(expected);
                create(store, "alive/" + round, "a store that works");
            }
        }
    }

    private Child start(String... args) throws IOException {
        List<String> all = new ArrayList<>(List.of(layout().name()));
        all.addAll(List.of(args));
        Child child = Child.start(all.toArray(String[]::new));
        children.add(child);
        return child;
    }

    /** Reads what a writer says, kills it after some lines, and notes what must be there. */
    private void follow(Child writer, Map<String, String> expected, int linesToLive) throws Exception {
        String tried = null;
        int lines = 0;
        for (String line = writer.line(); line != null; line = writer.line()) {
            lines++;
            if (lines == linesToLive) {
                writer.kill();
            }
            // The last line may be cut off by the death of its writer: it is no more than a step that was not tried.
            if (line.startsWith("try ")) {
                tried = line;
            } else if (line.equals("ack") && tried != null) {
                note(expected, tried);
                tried = null;
            }
        }
        assertThat(writer.exitValue()).as("end of a killed process").isNotZero();
        assertThat(lines).as("lines before the kill").isGreaterThanOrEqualTo(linesToLive);
        if (tried != null && tried.split(" ").length == 3) {
            decide(expected, tried);
        }
    }

    private static void note(Map<String, String> expected, String step) {
        String[] words = step.split(" ");
        if (words[2].equals("-")) {
            expected.remove(words[1]);
        } else {
            expected.put(words[1], words[2]);
        }
    }

    /** The step in flight at the kill may or may not have happened, but nothing else. */
    private void decide(Map<String, String> expected, String step) {
        String key = step.split(" ")[1];
        Map<String, String> after = new HashMap<>(expected);
        note(after, step);
        Set<String> possible = new HashSet<>();
        possible.add(String.valueOf(expected.get(key)));
        possible.add(String.valueOf(after.get(key)));
        try (ObjectStore store = StoreProcess.open(layout(), root)) {
            String found = store.get(key)
                    .map(StoredObject::body)
                    .map(StoreProcess::unsealed)
                    .orElse("null");
            assertThat(possible).as("%s after a kill during: %s", key, step).contains(found);
            if (found.equals(String.valueOf(after.get(key)))) {
                note(expected, step);
            }
        }
    }

    private static Map<String, String> contents(ObjectStore store) {
        return keys(store, "kill-").stream()
                .collect(Collectors.toMap(
                        key -> key,
                        key -> StoreProcess.unsealed(
                                store.get(key).orElseThrow().body())));
    }
}
