/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskContext;
import io.omniq.TaskHandle;
import io.omniq.TaskOptions;
import io.omniq.backend.file.FileBackend;
import io.omniq.config.WorkerConfig;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that is going to be killed: a producer that says which tasks were acknowledged, or a worker that says which
 * attempts it starts and ends. Every line is out before the next thing happens.
 */
public final class CrashChild {
    private static final PrintStream OUT =
            new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true, StandardCharsets.UTF_8);

    private CrashChild() {}

    /** The work: takes a while, and fails now and then. */
    public static final class Work {
        /** Runs for some milliseconds. */
        @Task(value = "crash.work", maxAttempts = 1000, retryDelay = "PT0.05S", maxRetryDelay = "PT0.2S")
        public int work(int millis) {
            TaskContext context = TaskContext.current();
            OUT.println("start " + context.taskId() + " " + context.attempt());
            busy(millis);
            if (ThreadLocalRandom.current().nextInt(20) == 0) {
                OUT.println("end " + context.taskId() + " " + context.attempt());
                throw new IllegalStateException("now and then");
            }
            OUT.println("end " + context.taskId() + " " + context.attempt());
            return context.attempt();
        }
    }

    private static void busy(long millis) {
        long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        while (System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    /**
     * Runs until it is killed.
     *
     * @param args {@code producer} or {@code worker}, and the directory
     */
    public static void main(String[] args) {
        Path directory = Path.of(args[1]);
        Work work = new Work();
        OmniQ omniq = OmniQ.builder()
                .backend(FileBackend.at(directory))
                .register(work)
                .worker(WorkerConfig.builder()
                        .slots(4)
                        .threads(WorkerConfig.ThreadKind.PLATFORM)
                        .heartbeat(Duration.ofSeconds(1), Duration.ofSeconds(3))
                        .build())
                .build();
        if (args[0].equals("worker")) {
            omniq.start();
            return;
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = 0; ; i++) {
            TaskOptions options = i % 3 == 0
                    ? TaskOptions.withId("own-" + ProcessHandle.current().pid() + "-" + i)
                    : TaskOptions.none();
            TaskHandle<Integer> handle = omniq.enqueue(work::work, random.nextInt(5, 60), options);
            OUT.println("acknowledged " + handle.id());
            busy(random.nextInt(5, 25));
        }
    }
}
