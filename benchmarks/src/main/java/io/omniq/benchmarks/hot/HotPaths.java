/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.hot;

import com.fasterxml.jackson.databind.node.TextNode;
import io.omniq.OmniQ;
import io.omniq.benchmarks.NumberedTasks;
import io.omniq.model.NewTask;
import io.omniq.model.TaskRecord;
import io.omniq.storage.Claim;
import io.omniq.storage.MemoryBackend;
import io.omniq.storage.TaskStorage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What every task passes through, on the memory store. Run by JMH, which needs this to be open to its own classes. */
@State(Scope.Thread)
public class HotPaths {
    private static final List<String> QUEUES = List.of("default");
    private static final Duration NO_TIME = Duration.ZERO;

    private final NumberedTasks tasks = new NumberedTasks(number -> {});
    private OmniQ omniq = open();
    private TaskStorage storage = omniq.taskStorage();
    private String waiting = "";
    private long number;

    private OmniQ open() {
        return OmniQ.builder().backend(new MemoryBackend()).register(tasks).build();
    }

    /** A new store for each iteration, so that none is measured on the leftovers of the last. */
    @Setup(Level.Iteration)
    public void fill() {
        omniq = open();
        storage = omniq.taskStorage();
        waiting = omniq.enqueue(tasks::run, 1L).id();
    }

    /** Lets go of the store. */
    @TearDown(Level.Iteration)
    public void empty() {
        omniq.close();
    }

    /** {@return the id of a task that was enqueued by a method reference} */
    @Benchmark
    public String enqueue() {
        return omniq.enqueue(tasks::run, number++).id();
    }

    /** {@return whether a task went through its whole life: enqueued, claimed, completed} */
    @Benchmark
    public boolean wholeLife() {
        storage.enqueue(NewTask.of("bench.numbered").withArgs(TextNode.valueOf("customer")));
        Claim claim = storage.dequeue(QUEUES, NO_TIME).orElseThrow();
        return storage.complete(claim, null);
    }

    /** {@return a waiting task, as read back: its definition, its entry, and no result} */
    @Benchmark
    public Optional<TaskRecord> readBack() {
        return storage.getTask(waiting);
    }
}
