/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import io.omniq.OmniQ;
import io.omniq.TaskOptions;
import io.omniq.backend.file.FileBackend;
import io.omniq.config.WorkerConfig;
import io.omniq.store.StorageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** A process that is going to suffer: a producer that says which tasks were acknowledged, or a worker. */
public final class CrashChild {
    static final Duration HEARTBEAT = Duration.ofSeconds(1);
    static final Duration LEASE = Duration.ofSeconds(3);
    /** Where nobody dies nobody waits for a lease; a machine that stands still for a while must not end one. */
    private static final Duration LONG_LEASE = Duration.ofMinutes(1);

    private static final Duration CANCEL = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofMillis(250);
    private static final Duration PULSE = Duration.ofMillis(50);
    /** A pulse that comes so late was held up, by SIGSTOP or by a busy host. */
    private static final Duration LATE = Duration.ofMillis(300);

    private final Path directory;
    private final Mode mode;
    private final Duration drain;
    private final ChildLog log;
    private final CrashWork work;

    private CrashChild(Path directory, Path log, Mode mode, Duration drain) {
        this.directory = directory;
        this.mode = mode;
        this.drain = drain;
        this.log = new ChildLog(log);
        this.work = new CrashWork(this.log);
    }

    /**
     * Runs until it is killed, or, for a worker, told to end.
     *
     * @param args {@code producer} or {@code worker}, the directory, the log, the mode, and the drain timeout in milliseconds
     */
    public static void main(String[] args) {
        CrashChild child = new CrashChild(
                Path.of(args[1]), Path.of(args[2]), Mode.of(args[3]), Duration.ofMillis(Long.parseLong(args[4])));
        Thread pulse = new Thread(child::beat, "pulse");
        pulse.setDaemon(true);
        pulse.start();
        if (args[0].equals("worker")) {
            child.work();
        } else {
            child.produce();
        }
    }

    /** Says when this process was held up, for whatever reason. Without the harness it ends, too. */
    private void beat() {
        ProcessHandle harness = ProcessHandle.current().parent().orElseThrow();
        for (long last = Micros.now(); harness.isAlive(); ) {
            Micros.pause(PULSE);
            long now = Micros.now();
            if (now - last > Micros.of(LATE)) {
                log.line("stalled", last);
            }
            last = now;
        }
        Runtime.getRuntime().halt(1);
    }

    private OmniQ open() {
        return OmniQ.builder()
                .backend(FileBackend.at(directory))
                .register(work)
                .worker(WorkerConfig.builder()
                        .slots(4)
                        .threads(WorkerConfig.ThreadKind.PLATFORM)
                        .heartbeat(HEARTBEAT, mode == Mode.ROLLING ? LONG_LEASE : LEASE)
                        .shutdown(drain, CANCEL)
                        .build())
                .build();
    }

    private void work() {
        OmniQ omniq = started();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            omniq.close();
            log.line("closed");
        }));
        log.line("ready");
    }

    /** A process that cannot start because the disk is full is started again by somebody: here by itself. */
    private OmniQ started() {
        while (true) {
            OmniQ omniq = null;
            try {
                omniq = open();
                omniq.start();
                return omniq;
            } catch (StorageException e) {
                bearOrThrow(e);
                if (omniq != null) {
                    omniq.close();
                }
            }
        }
    }

    private void produce() {
        OmniQ omniq = opened();
        log.line("ready");
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = 0; ; i++) {
            TaskOptions options = i % 3 == 0
                    ? TaskOptions.withId("own-" + ProcessHandle.current().pid() + "-" + i)
                    : TaskOptions.none();
            enqueue(omniq, random.nextInt(50, 400), options);
            Micros.pause(Duration.ofMillis(random.nextInt(15, 45)));
        }
    }

    private OmniQ opened() {
        while (true) {
            try {
                return open();
            } catch (StorageException e) {
                bearOrThrow(e);
            }
        }
    }

    /** With an id of its own the enqueue is repeated until it is acknowledged; else nobody knows which task it would be. */
    private void enqueue(OmniQ omniq, int millis, TaskOptions options) {
        while (true) {
            try {
                String id = mode == Mode.ROLLING
                        ? omniq.enqueue(work::once, millis, options).id()
                        : omniq.enqueue(work::work, millis, options).id();
                log.line("acknowledged", id);
                return;
            } catch (StorageException e) {
                bearOrThrow(e);
                if (options.id().isEmpty()) {
                    return;
                }
            }
        }
    }

    /** On a full disk a refusal is to be expected, and nowhere else. */
    private void bearOrThrow(StorageException e) {
        if (mode != Mode.FULL_DISK) {
            throw e;
        }
        log.line("refused");
        Micros.pause(AGAIN);
    }
}
