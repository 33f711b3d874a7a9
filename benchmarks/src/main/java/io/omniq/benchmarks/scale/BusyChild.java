/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.scale;

import io.omniq.OmniQ;
import io.omniq.backend.file.FileBackend;
import io.omniq.benchmarks.ChildJvm;
import io.omniq.benchmarks.Journal;
import io.omniq.benchmarks.NumberedTasks;
import io.omniq.benchmarks.Pauses;
import io.omniq.config.WorkerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** A process that produces and works until it is killed. */
final class BusyChild {
    static final String RAN = "ran ";

    private static final int UNDER_WAY = 200;
    private static final int PRODUCERS = 2;
    private static final Duration TELL = Duration.ofMillis(50);

    private BusyChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        Journal journal = new Journal(arguments[0]);
        CountDownLatch go = new CountDownLatch(1);
        ChildJvm.obey(command -> go.countDown());
        AtomicLong ran = new AtomicLong();
        AtomicLong enqueued = new AtomicLong();
        NumberedTasks tasks = new NumberedTasks(number -> ran.incrementAndGet());
        OmniQ omniq = OmniQ.builder()
                .backend(FileBackend.at(Path.of(arguments[1])))
                .register(tasks)
                .worker(WorkerConfig.builder().slots(10).build())
                .build();
        journal.say("open");
        go.await();
        omniq.start();
        for (int i = 0; i < PRODUCERS; i++) {
            Thread producer = new Thread(() -> produce(omniq, tasks, enqueued, ran));
            producer.setDaemon(true);
            producer.start();
        }
        while (true) {
            Pauses.pause(TELL);
            if (ran.get() > 0) {
                journal.say(RAN + ran.get());
            }
        }
    }

    /** What others run of its tasks, it runs of theirs. */
    private static void produce(OmniQ omniq, NumberedTasks tasks, AtomicLong enqueued, AtomicLong ran) {
        while (true) {
            if (enqueued.get() - ran.get() < UNDER_WAY) {
                omniq.enqueue(tasks::run, enqueued.incrementAndGet());
            } else {
                Pauses.pause(Duration.ofMillis(1));
            }
        }
    }
}
