/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.cost;

import io.omniq.TaskOptions;
import io.omniq.benchmarks.Options;
import io.omniq.benchmarks.Report;
import io.omniq.benchmarks.Subject;
import io.omniq.benchmarks.cost.DrivenProcess.Wish;
import io.omniq.testkit.CountingObjectStore.Operations;
import io.omniq.testkit.StoreOperation;
import java.time.Duration;

/** Counted on the memory store: exact, and the same on every machine. */
final class MemoryCosts {
    private static final int SLOTS = 10;
    private static final int TASKS = 1_000;
    private static final int QUICK_TASKS = 200;
    private static final int DEPTH = 100_000;
    private static final int QUICK_DEPTH = 10_000;
    private static final String SETTINGS =
            "as on a bucket: heartbeat 10 s, looks for work after 1 to 8 s; with heartbeats, listings, events, maintenance";

    private final Options options;
    private final Report report;

    MemoryCosts(Options options, Report report) {
        this.options = options;
        this.report = report;
    }

    private static Subject subject(String load) {
        return new Subject(load, "memory, counted", "nothing: in memory", SETTINGS);
    }

    void run() {
        stream("a stream, one by one", SLOTS, 1, Duration.ofMillis(50), 0);
        stream("one by one, one a second", SLOTS, 1, Duration.ofSeconds(1), 0);
        born("born claimed, a stream", Duration.ofMillis(50));
        born("born claimed, one a second", Duration.ofSeconds(1));
        stream("ten at once", SLOTS, 10, Duration.ofMillis(500), 0);
        stream("a hundred at once, one by one", 100, 100, Duration.ofSeconds(2), 0);
        batches("in batches of 10", 10);
        batches("in batches of 100", 100);
        stream("alone, a minute after the last, idle minute included", SLOTS, 1, Duration.ofMinutes(1), 0);
        int most = options.most(DEPTH, QUICK_DEPTH);
        for (int depth : new int[] {1, 1_000, most}) {
            stream(String.format("at depth %,d", depth), SLOTS, 10, Duration.ofMillis(500), depth);
        }
        delayed(most);
        retrying(most);
        idleHour();
    }

    /** So many at a time, at that interval, while others wait before them. */
    private void stream(String load, int slots, int together, Duration interval, int depth) {
        DrivenProcess process = new DrivenProcess(slots);
        process.enqueue(Wish.DONE, depth, TaskOptions.none());
        int tasks = Math.min(options.quick() ? QUICK_TASKS : TASKS, together * 100);
        rounds(process, Math.max(1, tasks / together / 5), together, interval);
        process.store().reset();
        long before = process.done();
        rounds(process, tasks / together, together, interval);
        Operations counts = process.store().counts();
        // Where others wait before them it is their turn first: as many end as come.
        long done = process.done() - before;
        Prices.tell(report, subject(load), counts.classA(), counts.classB(), done);
    }

    /** One task at that interval, enqueued where a slot is idle. */
    private void born(String load, Duration interval) {
        DrivenProcess process = new DrivenProcess(SLOTS);
        int tasks = options.quick() ? QUICK_TASKS : TASKS;
        process.pass(Duration.ofMinutes(1));
        process.store().reset();
        for (int i = 0; i < tasks; i++) {
            process.enqueueWhereIdle(1);
            process.pass(interval);
        }
        Operations counts = process.store().counts();
        Prices.tell(report, subject(load), counts.classA(), counts.classB(), process.done());
    }

    /** One batch every two seconds. */
    private void batches(String load, int size) {
        DrivenProcess process = new DrivenProcess(SLOTS);
        int count = options.quick() ? 10 : 100;
        Runnable round = () -> {
            process.enqueueAll(size);
            process.pass(Duration.ofSeconds(2));
        };
        round.run();
        process.store().reset();
        long before = process.done();
        for (int i = 0; i < count; i++) {
            round.run();
        }
        Operations counts = process.store().counts();
        Prices.tell(report, subject(load), counts.classA(), counts.classB(), process.done() - before);
    }

    private static void rounds(DrivenProcess process, int rounds, int together, Duration interval) {
        for (int i = 0; i < rounds; i++) {
            process.enqueue(Wish.DONE, together, TaskOptions.none());
            process.pass(interval);
        }
    }

    private void delayed(int others) {
        DrivenProcess process = new DrivenProcess(SLOTS);
        process.enqueue(Wish.DONE, others, TaskOptions.none().delay(Duration.ofDays(30)));
        polls(process, String.format("a look, with %,d delayed", others));
    }

    private void retrying(int others) {
        DrivenProcess process = new DrivenProcess(100);
        process.enqueue(Wish.LATER, others, TaskOptions.none().priority(1));
        // Until all have been put back once; the first come again after an hour.
        process.pass(Duration.ofMinutes(30));
        polls(process, String.format("a look, with %,d retrying before it", others));
    }

    /** What it takes to find one ready task, and to have none. */
    private void polls(DrivenProcess process, String load) {
        process.pass(Duration.ofMinutes(1));
        process.store().reset();
        long before = process.done();
        process.enqueue(Wish.DONE, 1, TaskOptions.none());
        Operations listsBefore = process.store().counts(StoreOperation.LIST);
        process.passUntilDone(before + 1, Duration.ofMinutes(30));
        Subject subject = subject(load);
        long lists =
                process.store().counts(StoreOperation.LIST).minus(listsBefore).classA();
        report.count(subject, "listings until a new task starts", "pages", lists, 1);
        process.store().reset();
        process.pass(Duration.ofMinutes(1));
        Operations minute = process.store().counts();
        report.count(subject, "idle minute, class A", "operations", minute.classA(), 1);
        report.count(subject, "idle minute, class B", "operations", minute.classB(), 1);
    }

    private void idleHour() {
        DrivenProcess process = new DrivenProcess(SLOTS);
        process.pass(Duration.ofMinutes(10));
        process.store().reset();
        process.pass(Duration.ofHours(1));
        Operations hour = process.store().counts();
        Subject subject = subject("an idle process");
        report.count(subject, "idle hour, class A", "operations", hour.classA(), 1);
        report.count(subject, "idle hour, class B", "operations", hour.classB(), 1);
        report.add(subject, "idle month", "$", Prices.dollars(hour.classA(), hour.classB()) * 730, 1);
    }
}
