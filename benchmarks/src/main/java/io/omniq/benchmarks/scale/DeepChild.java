/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.scale;

import com.fasterxml.jackson.databind.node.LongNode;
import io.omniq.backend.file.FileBackend;
import io.omniq.benchmarks.ChildJvm;
import io.omniq.benchmarks.Crew;
import io.omniq.benchmarks.Journal;
import io.omniq.model.NewTask;
import io.omniq.storage.Backend;
import io.omniq.storage.Claim;
import io.omniq.storage.MemoryBackend;
import io.omniq.storage.TaskStorage;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A process in which many tasks wait, and some are worked on. */
final class DeepChild {
    static final String FOUND = "found ";
    static final int CYCLES = 2_000;

    private static final int THREADS = 4;
    private static final int WARM_UP = 500;

    private DeepChild() {}

    public static void main(String[] arguments) {
        Journal journal = new Journal(arguments[0]);
        ChildJvm.obey(command -> {});
        int depth = Integer.parseInt(arguments[3]);
        try (Backend backend =
                arguments[1].equals("memory") ? new MemoryBackend() : FileBackend.at(Path.of(arguments[2]))) {
            TaskStorage tasks = backend.taskStorage();
            for (int i = 0; i < WARM_UP; i++) {
                cycle(tasks);
            }
            long heap = heap();
            long from = System.nanoTime();
            Crew.run(THREADS, member -> {
                for (int i = member; i < depth; i += THREADS) {
                    tasks.enqueue(task());
                }
            });
            double fill = (System.nanoTime() - from) / 1e3 / depth;
            double perTask = (double) (heap() - heap) / depth;
            from = System.nanoTime();
            cycle(tasks);
            double first = (System.nanoTime() - from) / 1e6;
            from = System.nanoTime();
            for (int i = 0; i < CYCLES; i++) {
                cycle(tasks);
            }
            double life = (System.nanoTime() - from) / 1e3 / CYCLES;
            journal.say(String.format(Locale.ROOT, "%s%f %f %f %f", FOUND, fill, first, life, perTask));
        }
        Runtime.getRuntime().halt(0);
    }

    private static NewTask task() {
        return NewTask.of("bench.numbered").withArgs(LongNode.valueOf(7));
    }

    private static void cycle(TaskStorage tasks) {
        tasks.enqueue(task());
        Claim claim = tasks.dequeue(List.of("default"), Duration.ofSeconds(30))
                .orElseThrow(() -> new IllegalStateException("no task is found"));
        if (!tasks.complete(claim, null)) {
            throw new IllegalStateException("another outcome was first: claim=" + claim);
        }
    }

    private static long heap() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
