/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import io.omniq.OmniQ;
import io.omniq.Scheduled;
import io.omniq.Schedules;
import io.omniq.Task;
import io.omniq.TaskContext;
import io.omniq.model.OverlapPolicy;
import io.omniq.storage.MemoryBackend;
import java.time.Duration;
import java.time.ZoneId;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How do I let tasks run by the clock? */
public class Scheduling {
    private final CountDownLatch ticks = new CountDownLatch(2);

    @Task("heartbeat")
    public void heartbeat(String who) {
        System.out.println(who + " is due: " + (TaskContext.current().task().scheduledFor() != null));
        ticks.countDown();
    }

    @Task("reports.nightly")
    @Scheduled(cron = "0 2 * * *", zone = "Europe/Berlin")
    public void nightly() {
        System.out.println("a night's report");
    }

    public static void main(String[] args) throws InterruptedException {
        Scheduling tasks = new Scheduling();
        try (OmniQ omniq =
                OmniQ.builder().backend(new MemoryBackend()).register(tasks).build()) {
            omniq.start(); // makes the schedule of the annotation
            Schedules schedules = omniq.schedules();
            schedules
                    .every("pulse", Duration.ofMillis(200))
                    .task(tasks::heartbeat, "pulse")
                    .overlap(OverlapPolicy.SKIP_IF_RUNNING)
                    .maxRuns(2)
                    .create();
            tasks.ticks.await(30, TimeUnit.SECONDS);

            schedules.pause("reports.nightly", "nobody reads them");
            System.out.println(schedules.describe("reports.nightly"));
            System.out.println(schedules.get("reports.nightly").orElseThrow().status());
            schedules.runNow("reports.nightly").await(Duration.ofSeconds(30));
            schedules.cron("weekly", "0 6 * * MON", ZoneId.of("UTC"), tasks::nightly);
            System.out.println(schedules.nextFireTimes("weekly", 3).size() + " times ahead");
        }
    }
}
