/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.cost;

import com.fasterxml.jackson.databind.node.TextNode;
import io.omniq.TaskOptions;
import io.omniq.backend.gcs.GcsBackend;
import io.omniq.benchmarks.Crew;
import io.omniq.benchmarks.Options;
import io.omniq.benchmarks.Report;
import io.omniq.benchmarks.Subject;
import io.omniq.gcs.emulator.GcsEmulator;
import io.omniq.gcs.emulator.GcsOperations;
import io.omniq.model.NewTask;
import io.omniq.storage.Claim;
import io.omniq.storage.TaskStorage;
import java.time.Duration;
import java.util.List;

/** Counted by the emulated service, as it would bill: through the real client, over HTTP. */
final class EmulatorCosts {
    private static final int TASKS = 200;
    private static final int THREADS = 16;
    private static final int DEPTH = 100_000;
    private static final int QUICK_DEPTH = 2_000;

    private final Options options;
    private final Report report;

    EmulatorCosts(Options options, Report report) {
        this.options = options;
        this.report = report;
    }

    void run() {
        int most = options.most(DEPTH, QUICK_DEPTH);
        for (int depth : new int[] {1, 1_000, most}) {
            life(String.format("at depth %,d", depth), depth, TaskOptions.none());
        }
        life(String.format("with %,d delayed", most), most, TaskOptions.none().delay(Duration.ofDays(30)));
    }

    /** Tasks that are enqueued, claimed and completed one after the other, while so many others wait. */
    private void life(String load, int others, TaskOptions theirs) {
        try (GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
                GcsBackend backend =
                        GcsBackend.builder("b").endpoint(emulator.endpoint()).build()) {
            TaskStorage tasks = backend.taskStorage();
            Crew.run(THREADS, member -> {
                for (int i = member; i < others; i += THREADS) {
                    tasks.enqueue(task().withOptions(theirs));
                }
            });
            cycle(tasks);
            GcsOperations before = emulator.operations();
            for (int i = 0; i < TASKS; i++) {
                cycle(tasks);
            }
            GcsOperations cost = emulator.operations().since(before);
            Prices.tell(
                    report,
                    new Subject(
                            load,
                            "GCS emulator",
                            "emulated bucket",
                            "storages without a worker: no events, no heartbeat"),
                    cost.classA(),
                    cost.classB(),
                    TASKS);
        }
    }

    private static NewTask task() {
        return NewTask.of("cost.run").withArgs(TextNode.valueOf("customer"));
    }

    private static void cycle(TaskStorage tasks) {
        tasks.enqueue(task());
        Claim claim = tasks.dequeue(List.of("default"), Duration.ofSeconds(30))
                .orElseThrow(() -> new IllegalStateException("no task is found"));
        if (!tasks.complete(claim, null)) {
            throw new IllegalStateException("another outcome was first: claim=" + claim);
        }
    }
}
