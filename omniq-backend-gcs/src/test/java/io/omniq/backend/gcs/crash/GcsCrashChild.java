/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs.crash;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskContext;
import io.omniq.TaskOptions;
import io.omniq.backend.gcs.GcsBackend;
import io.omniq.config.WorkerConfig;
import io.omniq.model.Ulid;
import io.omniq.store.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** A process that is going to be killed: a producer that says which tasks were acknowledged, or a worker. */
public final class GcsCrashChild {
    static final String BUCKET = "crash";

    private final Path log;
    private final GcsCrashOptions.Load load;

    private GcsCrashChild(Path log, GcsCrashOptions.Load load) {
        this.log = log;
        this.load = load;
    }

    /**
     * The bucket.
     *
     * @param endpoint where it is
     * @param patience how long a connection and an answer may take
     * @return the backend
     */
    static GcsBackend backend(String endpoint, Duration patience) {
        return GcsBackend.builder(BUCKET)
                .endpoint(endpoint)
                .timeouts(patience, patience)
                .build();
    }

    /**
     * Runs until it is killed, or until the harness is gone.
     *
     * @param args {@code producer} or {@code worker}, the endpoint, the log, and the load
     */
    public static void main(String[] args) {
        GcsCrashChild child = new GcsCrashChild(Path.of(args[2]), GcsCrashOptions.Load.valueOf(args[3]));
        ProcessHandle.current()
                .parent()
                .orElseThrow()
                .onExit()
                .thenRun(() -> Runtime.getRuntime().halt(1));
        OmniQ omniq = OmniQ.builder()
                .backend(backend(args[1], Duration.ofSeconds(2)))
                .register(child)
                .worker(WorkerConfig.builder()
                        .slots(4)
                        .threads(WorkerConfig.ThreadKind.PLATFORM)
                        .heartbeat(Duration.ofSeconds(1), Duration.ofSeconds(3))
                        .build())
                .build();
        if (args[0].equals("worker")) {
            child.start(omniq);
        } else {
            child.produce(omniq);
        }
    }

    private void start(OmniQ omniq) {
        omniq.start();
        line("ready", "-", 0);
        pauseFor(Duration.ofDays(1));
    }

    private void produce(OmniQ omniq) {
        line("ready", "-", 0);
        // In the order of time like the library's own: recovery shall not wait for what was enqueued later.
        Ulid ids = new Ulid(new SecureRandom());
        for (int i = 0; ; i++) {
            TaskOptions options =
                    i % 2 == 0 ? TaskOptions.withId(ids.next(Instant.now()) + "-own") : TaskOptions.none();
            try {
                line("acknowledged", omniq.enqueue(this::work, i, options).id(), 0);
            } catch (StorageException e) {
                line("refused", "-", 0);
            }
            pauseFor(load.every());
        }
    }

    /**
     * The task.
     *
     * @param number returned
     * @return the number
     */
    @Task(value = "crash.work", maxAttempts = 1000, retryDelay = "PT0.05S")
    public int work(int number) {
        String id = TaskContext.current().taskId();
        int attempt = TaskContext.current().attempt();
        line("start", id, attempt);
        pauseFor(load.work());
        line("end", id, attempt);
        return number;
    }

    private static void pauseFor(Duration length) {
        long end = System.nanoTime() + length.toNanos();
        for (long left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private synchronized void line(String word, String id, int attempt) {
        String text = word + " " + id + " " + System.currentTimeMillis() + " " + attempt + "\n";
        try {
            Files.write(
                    log, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
