/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.internal.scheduler.SchedulerStep;
import io.omniq.model.EventType;
import io.omniq.model.MisfirePolicy;
import io.omniq.model.OverlapPolicy;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleRun;
import io.omniq.model.ScheduleStatus;
import io.omniq.model.ScheduleType;
import io.omniq.model.TaskEvent;
import io.omniq.model.TaskRecord;
import io.omniq.testkit.Fault;
import io.omniq.testkit.StoreOperation;
import io.omniq.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What schedulers do, tick by tick. */
class SchedulerTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Lab lab = new Lab();
    private final Peer peer = lab.worker("p");
    private final SchedulerStep scheduler = scheduler(peer);

    private static SchedulerStep scheduler(Peer of) {
        return new SchedulerStep(of.protocol, of.surroundings, of.tally);
    }

    /** Every minute, for the first time a minute after the start. */
    private static Schedule.Builder minutely(String id) {
        return Schedule.builder(id, ScheduleType.INTERVAL, "report.render", TestClock.START)
                .interval(MINUTE);
    }

    private static Instant at(int minutes) {
        return TestClock.START.plus(MINUTE.multipliedBy(minutes));
    }

    private void save(Schedule.Builder schedule) {
        assertThat(peer.schedules.saveSchedule(schedule.build())).isTrue();
    }

    private Schedule stored(String id) {
        return peer.schedules.getSchedule(id).orElseThrow();
    }

    private List<TaskRecord> tasks() {
        return lab.keys("tasks/").stream()
                .map(key -> peer.tasks
                        .getTask(key.substring("tasks/".length(), key.length() - ".json".length()))
                        .orElseThrow())
                .toList();
    }

    private List<Instant> fired() {
        return tasks().stream().map(TaskRecord::scheduledFor).sorted().toList();
    }

    /** Lets time pass in steps, with a round of the scheduler after each. */
    private void pass(Duration all, Duration step) {
        for (Duration passed = Duration.ZERO; passed.compareTo(all) < 0; passed = passed.plus(step)) {
            lab.advance(step);
            scheduler.step();
        }
    }

    private void finish() {
        peer.beginAgain(); // time has passed
        Optional<HeldClaim> claim = peer.poll();
        assertThat(claim).isPresent();
        peer.claims.complete(claim.get(), null, null);
        peer.claimer.done(claim.get());
    }

    @Test
    void aTickMakesOneTaskWithAllThatTheScheduleSays() {
        save(minutely("s")
                .args(List.of(Peer.json("c-42")))
                .queueName("reports")
                .taskOptions(TaskOptions.none()
                        .priority(7)
                        .maxAttempts(3)
                        .timeout(Duration.ofSeconds(9))
                        .metadata("tenant", "t1")));
        scheduler.step();

        pass(MINUTE, Duration.ofSeconds(20));

        assertThat(tasks()).hasSize(1);
        TaskRecord task = tasks().get(0);
        assertThat(task)
                .returns("report.render", TaskRecord::func)
                .returns(List.of(Peer.json("c-42")), TaskRecord::args)
                .returns("reports", TaskRecord::queueName)
                .returns(7, TaskRecord::priority)
                .returns(2, TaskRecord::maxRetries)
                .returns(Duration.ofSeconds(9), TaskRecord::timeout)
                .returns("s", TaskRecord::scheduleId)
                .returns(at(1), TaskRecord::scheduledFor);
        assertThat(task.metadata()).containsEntry("tenant", "t1");
        assertThat(stored("s"))
                .returns(1, Schedule::runCount)
                .returns(at(2), Schedule::nextRun)
                .returns(List.of(new ScheduleRun(task.id(), at(1), at(1), false)), Schedule::runs);
    }

    @Test
    void theEventOfATickNamesItsSchedule() {
        save(minutely("s"));

        pass(MINUTE, MINUTE);

        assertThat(peer.events)
                .filteredOn(event -> event.eventType() == EventType.ENQUEUED)
                .extracting(TaskEvent::scheduleId)
                .containsExactly("s");
    }

    @Test
    void anHourHasSixtyTicksAndEachOneTask() {
        save(minutely("s"));

        pass(Duration.ofHours(1), Duration.ofSeconds(7));

        assertThat(fired()).hasSize(60).doesNotHaveDuplicates();
        assertThat(stored("s").runs()).hasSize(Schedule.MOST_RUNS);
        assertThat(stored("s").runCount()).isEqualTo(60);
    }

    @Test
    void aHundredSchedulersMakeOneTask() {
        save(minutely("s"));
        List<SchedulerStep> others = java.util.stream.IntStream.range(0, 100)
                .mapToObj(i -> scheduler(lab.producer("o" + i)))
                .toList();
        others.forEach(SchedulerStep::step);
        lab.advance(MINUTE);

        others.forEach(SchedulerStep::step);

        assertThat(fired()).containsExactly(at(1));
        assertThat(stored("s").runCount()).isEqualTo(1);
    }

    @Test
    void aCrashBetweenTaskAndRecordIsRepeatedAsTheSameTask() {
        save(minutely("s"));
        scheduler.step();
        lab.advance(MINUTE);
        for (int i = 0; i < 6; i++) {
            lab.faulty.failNext(StoreOperation.REPLACE, "schedules/", Fault.FAIL);
        }
        scheduler.step();
        assertThat(fired()).containsExactly(at(1));
        assertThat(stored("s").nextRun()).isEqualTo(at(1));
        assertThat(peer.tally.storageFailures()).isEqualTo(1);

        // Its task may have run long before another scheduler comes, and must not run again.
        finish();
        lab.advance(Duration.ofSeconds(30));
        scheduler(lab.producer("other")).step();

        assertThat(fired()).containsExactly(at(1));
        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(stored("s")).returns(1, Schedule::runCount).returns(at(2), Schedule::nextRun);
    }

    @Test
    void whatWasMissedIsMadeUpForOnce() {
        save(minutely("s"));
        scheduler.step();

        lab.advance(Duration.ofMinutes(10).plusSeconds(5));
        scheduler.step();

        assertThat(fired()).as("under the name of the record's next tick").containsExactly(at(1));
        assertThat(stored("s").nextRun()).isEqualTo(at(11));
    }

    @Test
    void whatWasMissedIsMadeUpForTickByTickWithinItsWindow() {
        save(minutely("s").misfire(MisfirePolicy.FIRE_ALL).misfireWindow(Duration.ofMinutes(30)));
        scheduler.step();

        lab.advance(Duration.ofMinutes(100));
        scheduler.step();

        assertThat(fired()).hasSize(31).startsWith(at(70)).endsWith(at(100)).doesNotHaveDuplicates();
        assertThat(stored("s")).returns(at(101), Schedule::nextRun).returns(31, Schedule::runCount);
    }

    @Test
    void whatWasMissedIsLeftOut() {
        save(minutely("s").interval(Duration.ofHours(1)).misfire(MisfirePolicy.SKIP));
        scheduler.step();

        lab.advance(Duration.ofMinutes(185));
        scheduler.step();

        assertThat(tasks()).isEmpty();
        assertThat(stored("s").nextRun()).isEqualTo(at(240));
        lab.advance(Duration.ofMinutes(55).plusSeconds(50));
        scheduler.step();
        assertThat(fired()).as("a little late is not missed").containsExactly(at(240));
    }

    @Test
    void aTickIsLeftOutWhileTheLastOneRuns() {
        save(minutely("s").overlap(OverlapPolicy.SKIP_IF_RUNNING));

        pass(Duration.ofMinutes(3), MINUTE);
        assertThat(fired()).containsExactly(at(1));
        finish();
        pass(MINUTE, MINUTE);

        assertThat(fired()).containsExactly(at(1), at(4));
        assertThat(stored("s").runs()).extracting(ScheduleRun::ended).containsExactly(true, false);
    }

    @Test
    void aTickThatHasItsTaskHasFiredWhateverRunsNow() {
        save(minutely("s").overlap(OverlapPolicy.SKIP_IF_RUNNING));
        scheduler.step();
        lab.advance(MINUTE);
        for (int i = 0; i < 6; i++) {
            lab.faulty.failNext(StoreOperation.REPLACE, "schedules/", Fault.FAIL);
        }
        scheduler.step();
        // Run by hand meanwhile: now something runs.
        String byHand = peer.enqueue(TaskOptions.none()).task().id();
        peer.schedules.updateSchedule(
                "s",
                s -> s.toBuilder()
                        .runs(List.of(new ScheduleRun(byHand, null, at(1), false)))
                        .build());

        lab.advance(Duration.ofSeconds(10));
        scheduler.step();

        assertThat(stored("s").runs()).extracting(ScheduleRun::scheduledFor).containsExactly(null, at(1));
        assertThat(stored("s").runCount()).isEqualTo(1);
    }

    @Test
    void oneTaskWaitsForTheLastOneAndNoMore() {
        save(minutely("s").overlap(OverlapPolicy.QUEUE_ONE));

        pass(Duration.ofMinutes(4), MINUTE);

        assertThat(fired()).containsExactly(at(1), at(2));
        peer.beginAgain();
        HeldClaim first = peer.claim();
        assertThat(first.task().scheduledFor()).isEqualTo(at(1));
        assertThat(peer.poll()).as("the other waits").isEmpty();
        peer.claims.fail(first, new IllegalStateException("no"), null);
        peer.claimer.done(first);
        lab.advance(Duration.ofSeconds(2));
        assertThat(peer.claim().task().scheduledFor())
                .as("whatever became of the first")
                .isEqualTo(at(2));
    }

    @Test
    void jitterIsTheSameForAllAndDiffersFromTickToTick() {
        save(minutely("s").jitter(Duration.ofSeconds(30)));

        pass(Duration.ofMinutes(20), Duration.ofSeconds(1));

        assertThat(fired()).hasSizeBetween(19, 20).doesNotHaveDuplicates();
        List<Duration> late = stored("s").runs().stream()
                .map(run -> Duration.between(run.scheduledFor(), run.firedAt()))
                .toList();
        assertThat(late).allMatch(l -> !l.isNegative() && l.compareTo(Duration.ofSeconds(31)) <= 0);
        assertThat(late.stream().distinct().count()).isGreaterThan(5);
    }

    @Test
    void theLastOfItsRunsCompletesIt() {
        save(minutely("s").maxRuns(3));

        pass(Duration.ofMinutes(10), MINUTE);

        assertThat(fired()).containsExactly(at(1), at(2), at(3));
        assertThat(stored("s"))
                .returns(ScheduleStatus.COMPLETED, Schedule::status)
                .returns(null, Schedule::nextRun);
    }

    @Test
    void noTickIsLaterThanItsEnd() {
        save(minutely("s").ttl(Duration.ofMinutes(3)).expiresAt(at(3)));

        pass(Duration.ofMinutes(10), MINUTE);

        assertThat(fired()).containsExactly(at(1), at(2), at(3));
        assertThat(stored("s").status()).isEqualTo(ScheduleStatus.COMPLETED);
    }

    @Test
    void aTimeIsReachedOnce() {
        save(Schedule.builder("s", ScheduleType.TIMESTAMP, "report.render", TestClock.START)
                .timestamp(at(5)));

        pass(Duration.ofMinutes(10), MINUTE);

        assertThat(fired()).containsExactly(at(5));
        assertThat(stored("s").status()).isEqualTo(ScheduleStatus.COMPLETED);
    }

    @Test
    void aPauseCountsAtOnceEvenForSchedulersThatHaveNotSeenIt() {
        save(minutely("s"));
        scheduler.step();
        lab.advance(Duration.ofSeconds(59));
        peer.schedules.updateSchedule(
                "s", s -> s.toBuilder().status(ScheduleStatus.PAUSED).build());

        lab.advance(Duration.ofSeconds(1));
        scheduler.step();

        assertThat(tasks()).isEmpty();
    }

    @Test
    void aPauseThatCameBetweenTaskAndRecordLeavesTheRunInTheHistory() {
        save(minutely("s"));
        scheduler.step();
        lab.advance(MINUTE);
        // The pause lands after the scheduler has read the record: the first answer of its write is lost to a retry.
        lab.faulty.failNext(StoreOperation.REPLACE, "schedules/", Fault.FAIL);
        Peer other = lab.producer("other");
        peer.duringPause = () -> {
            peer.duringPause = () -> {};
            other.schedules.updateSchedule(
                    "s",
                    s -> s.toBuilder()
                            .status(ScheduleStatus.PAUSED)
                            .nextRun(at(9))
                            .build());
        };

        scheduler.step();

        assertThat(stored("s"))
                .returns(ScheduleStatus.PAUSED, Schedule::status)
                .returns(1, Schedule::runCount)
                .returns(at(9), Schedule::nextRun);
        assertThat(stored("s").runs()).extracting(ScheduleRun::scheduledFor).containsExactly(at(1));
    }

    @Test
    void aNewScheduleIsSeenWithinTenSeconds() {
        scheduler.step();
        Peer other = lab.producer("other");
        other.schedules.saveSchedule(
                minutely("s").interval(Duration.ofSeconds(1)).build());
        assertThat(scheduler.untilNext()).isLessThanOrEqualTo(Duration.ofSeconds(10));

        lab.advance(scheduler.untilNext());
        scheduler.step();

        assertThat(tasks()).isNotEmpty();
    }

    @Test
    void whatIsKnownFiresWhileALookFailsAndTheLookIsRepeated() {
        save(minutely("s"));
        scheduler.step();
        save(minutely("new"));
        lab.advance(MINUTE);
        for (int i = 0; i < 6; i++) {
            lab.faulty.failNext(StoreOperation.GET, "locks/schedules.json", Fault.FAIL);
        }

        scheduler.step();
        assertThat(tasks()).extracting(TaskRecord::scheduleId).containsExactly("s");
        assertThat(peer.tally.storageFailures()).isEqualTo(1);
        lab.advance(scheduler.untilNext());
        scheduler.step();

        assertThat(tasks()).extracting(TaskRecord::scheduleId).containsExactlyInAnyOrder("s", "new");
    }

    @Test
    void aScheduleThatNobodyAnnouncedIsSeenAtTheNextListing() {
        save(minutely("s").status(ScheduleStatus.PAUSED));
        scheduler.step();
        lab.edit("schedules/s.json", node -> node.put("status", "active"));

        pass(Duration.ofMinutes(6), Duration.ofSeconds(8));

        assertThat(tasks()).isNotEmpty();
    }

    @Test
    void oneDeletedAndMadeAgainHasTicksOfItsOwn() {
        save(minutely("s"));
        pass(MINUTE, MINUTE);
        peer.schedules.deleteSchedule("s");
        save(minutely("s").nextRun(at(1)));

        lab.advance(Duration.ofSeconds(10));
        scheduler.step();

        assertThat(fired()).as("the same time, another schedule").containsExactly(at(1), at(1));
    }

    @Test
    void whoStalledMakesNoTaskOfWhatHeReadLongAgo() {
        save(minutely("s")
                .interval(Duration.ofHours(1))
                .overlap(OverlapPolicy.SKIP_IF_RUNNING)
                .runs(List.of(new ScheduleRun("gone", null, TestClock.START, false))));
        scheduler.step();
        lab.advance(Duration.ofHours(1));
        // After it has read the record, and before it makes the task, it stalls; the tick comes and goes meanwhile.
        lab.faulty.failNext(StoreOperation.GET, "results/", Fault.FAIL);
        Peer other = lab.producer("other");
        peer.duringPause = () -> {
            peer.duringPause = () -> {};
            scheduler(other).step();
            assertThat(fired()).containsExactly(at(60));
            lab.keys("tasks/").forEach(lab::remove);
            lab.keys("queues/").forEach(lab::remove);
            lab.advance(Duration.ofMinutes(2));
        };

        scheduler.step();

        assertThat(tasks()).isEmpty();
        assertThat(stored("s")).returns(1, Schedule::runCount).returns(at(120), Schedule::nextRun);
    }

    @Test
    void aBrokenScheduleIsReportedAndStopsNoOther() {
        save(minutely("a"));
        save(minutely("b"));
        save(minutely("c"));
        save(minutely("d"));
        lab.edit("schedules/a.json", node -> node.put("schedule_type", "cron").put("cron_expression", "often"));
        lab.put("schedules/b.json", "{");
        lab.edit("schedules/c.json", node -> node.put("format", 99));

        pass(MINUTE, MINUTE);

        assertThat(tasks()).extracting(TaskRecord::scheduleId).containsExactly("d");
        assertThat(peer.tally.brokenSchedules()).containsExactly("a", "b", "c");
        assertThat(peer.tally.quarantined()).isEqualTo(1);
        assertThat(lab.has("schedules/b.json")).isFalse();
        assertThat(lab.has("schedules/c.json")).isTrue();
    }

    @Test
    void oneThatIsMendedFiresAgain() {
        save(minutely("a"));
        lab.edit("schedules/a.json", node -> node.put("schedule_type", "cron"));
        pass(MINUTE, MINUTE);
        assertThat(peer.tally.brokenSchedules()).containsExactly("a");

        lab.edit("schedules/a.json", node -> node.put("schedule_type", "interval"));
        pass(Duration.ofMinutes(6), MINUTE);

        assertThat(tasks()).isNotEmpty();
        assertThat(peer.tally.brokenSchedules()).isEmpty();
    }

    @Test
    void aTickOutlivesItsResultsTimeUntilItsScheduleHasGonePastItForADay() {
        save(minutely("s").interval(Duration.ofDays(7)));
        scheduler.step();
        lab.advance(Duration.ofDays(7));
        for (int i = 0; i < 6; i++) {
            lab.faulty.failNext(StoreOperation.REPLACE, "schedules/", Fault.FAIL);
        }
        scheduler.step();
        finish();
        Maintenance maintenance = new Maintenance(peer.protocol);
        lab.advance(Duration.ofDays(3));

        maintenance.run();
        assertThat(tasks()).as("the schedule has not gone past it").hasSize(1);
        scheduler.step();
        assertThat(stored("s").nextRun()).isEqualTo(TestClock.START.plus(Duration.ofDays(14)));
        maintenance.run();
        assertThat(tasks()).as("some scheduler may have read it before").hasSize(1);
        lab.advance(Duration.ofDays(1).plusSeconds(1));
        maintenance.run();
        assertThat(tasks()).isEmpty();
        assertThat(lab.keys("results/")).isEmpty();
    }
}
