/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.omniq.model.EventType;
import io.omniq.model.MisfirePolicy;
import io.omniq.model.OverlapPolicy;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleRun;
import io.omniq.model.ScheduleStatus;
import io.omniq.model.ScheduleType;
import io.omniq.model.TaskEvent;
import io.omniq.model.TaskRecord;
import io.omniq.storage.Backend;
import io.omniq.storage.EventQuery;
import io.omniq.store.ListRequest;
import io.omniq.store.MemoryObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Schedules as an application sees them. The store's time is the test's. */
@Timeout(60)
class SchedulesTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration SOON = Duration.ofSeconds(50);
    private static final Duration HOUR = Duration.ofHours(1);

    /** Tasks. */
    public static class Reports {
        @Task(value = "reports.all", queue = "reports", priority = 3, maxAttempts = 4)
        public void renderAll() {}

        @Task("reports.one")
        public String render(String customer, int pages) {
            return customer + pages;
        }

        @Task("reports.stage")
        public CompletableFuture<String> stage() {
            return CompletableFuture.completedFuture("later");
        }
    }

    private final AtomicReference<Instant> time = new AtomicReference<>(START);
    private final MemoryObjectStore store = new MemoryObjectStore(time::get);
    private final Backend backend = new Backend(store);
    private final Reports reports = new Reports();
    private final OmniQ omniq = OmniQ.builder()
            .backend(backend)
            .leaveBackendsOpen()
            .register(reports)
            .build();
    private final Schedules schedules = omniq.schedules();

    @AfterEach
    void close() {
        omniq.close();
        backend.close();
    }

    private void advance(Duration duration) {
        time.updateAndGet(now -> now.plus(duration));
    }

    private int objects() {
        return store.list(ListRequest.of("")).objects().size();
    }

    @Test
    void areMadeOfAMethodInOneLine() {
        Schedule schedule =
                omniq.schedules().cron("nightly", "0 2 * * *", ZoneId.of("Europe/Berlin"), reports::renderAll);

        assertThat(schedule)
                .returns("reports.all", Schedule::func)
                .returns("reports", Schedule::queueName)
                .returns("Europe/Berlin", Schedule::timeZone)
                .returns(Instant.parse("2026-01-01T01:00:00Z"), Schedule::nextRun)
                .returns(TaskOptions.none().priority(3).maxAttempts(4), Schedule::taskOptions);
        assertThat(schedules.get("nightly")).contains(schedule);
        assertThat(schedules.every("stage", HOUR, reports::stage).func()).isEqualTo("reports.stage");
    }

    @Test
    void areMadeOfAMethodWithArgumentsAndEverythingElse() {
        Schedule schedule = schedules
                .every("s", Duration.ofMinutes(5))
                .task(reports::render, "c-42", 7)
                .options(TaskOptions.inQueue("slow").priority(-5).metadata("tenant", 5L))
                .startingAt(START.plus(HOUR))
                .fireAll(Duration.ofMinutes(30))
                .overlap(OverlapPolicy.QUEUE_ONE)
                .jitter(Duration.ofSeconds(9))
                .maxRuns(8)
                .ttl(Duration.ofDays(9))
                .metadata("owner", "ops")
                .create();

        assertThat(schedules.get("s")).isPresent();
        assertThat(schedule.args()).hasToString("[\"c-42\", 7]");
        assertThat(schedule)
                .returns("slow", Schedule::queueName)
                .returns(START.plus(HOUR), Schedule::nextRun)
                .returns(MisfirePolicy.FIRE_ALL, Schedule::misfire)
                .returns(Duration.ofMinutes(30), Schedule::misfireWindow)
                .returns(START.plus(Duration.ofDays(9)), Schedule::expiresAt);
        assertThat(schedules
                        .every("w", HOUR)
                        .task(reports::renderAll)
                        .misfire(MisfirePolicy.FIRE_ALL)
                        .create()
                        .misfireWindow())
                .isEqualTo(Duration.ofDays(1));
    }

    @Test
    void theSameOnceMoreDoesNothingAndAnotherIsRefused() {
        Schedule first = schedules
                .every("s", HOUR)
                .task("reports.one", "a", 1L)
                .metadata("n", 5L)
                .create();
        advance(Duration.ofMinutes(10));

        assertThat(schedules
                        .every("s", HOUR)
                        .task(reports::render, "a", 1)
                        .metadata("n", 5)
                        .create()
                        .createdAt())
                .isEqualTo(first.createdAt());
        assertThatThrownBy(() -> schedules
                        .every("s", HOUR.multipliedBy(2))
                        .task(reports::render, "b", 1)
                        .create())
                .isInstanceOf(ScheduleConflictException.class)
                .hasMessageContaining("id=s differs_in=[args, interval, metadata]");
    }

    @Test
    void whatIsWrongIsSaidBeforeAnythingIsWritten() {
        ScheduleBuilder hourly = schedules.every("s", HOUR).task(reports::renderAll);
        Schedule.Builder raw = Schedule.builder("s", ScheduleType.CRON, "reports.all", START);

        assertThatThrownBy(() -> schedules.cron("s", "99 2 * * *", ZoneOffset.UTC, reports::renderAll))
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessageContaining("99");
        assertThatThrownBy(() -> schedules.every("s", Duration.ZERO, reports::renderAll))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("interval=PT0S");
        assertThatThrownBy(() -> schedules.every("s", HOUR.negated(), reports::renderAll))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("interval=PT-1H");
        assertThatThrownBy(() -> schedules.at("s", START, reports::renderAll))
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessageContaining("in the past")
                .hasMessageContaining("misfire=fire_once");
        assertThatThrownBy(() -> schedules.every("s", HOUR).task("reports.non"))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("nearest=reports.one");
        assertThatThrownBy(() ->
                        schedules.every("s", HOUR).task("reports.one", "a").create())
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("wrong number of arguments");
        assertThatThrownBy(() -> schedules.every("s", HOUR).create())
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessageContaining("needs a task");
        assertThatThrownBy(() -> hourly.maxRuns(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxRuns=0");
        assertThatThrownBy(() -> hourly.options(TaskOptions.withId("x")).create())
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessageContaining("cannot have an id");
        assertThatThrownBy(() -> schedules
                        .every("s", HOUR)
                        .task(reports::renderAll)
                        .ttl(Duration.ofMinutes(59))
                        .create())
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessageContaining("would never fire");
        assertThatThrownBy(() -> schedules.every("a/b", HOUR)).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() ->
                        schedules.every("s", HOUR).task(reports::renderAll).update())
                .isInstanceOf(ScheduleNotFoundException.class)
                .hasMessageContaining("id=s");
        assertThatThrownBy(() -> omniq.scheduleStorage()
                        .saveSchedule(raw.cronExpression("0 2 * * *")
                                .timeZone("Mars/Base")
                                .build()))
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessageContaining("timeZone=Mars/Base");
        assertThatThrownBy(() -> omniq.scheduleStorage()
                        .saveSchedule(raw.cronExpression(null).build()))
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessageContaining("missing=cronExpression");
        assertThat(objects()).isZero();
    }

    @Test
    void anUpdateKeepsTheNextTickUnlessTheTimesChange() {
        schedules.every("s", HOUR).task(reports::render, "a", 1).create();
        advance(Duration.ofMinutes(30));

        Schedule sameTimes =
                schedules.every("s", HOUR).task(reports::render, "b", 2).update();
        assertThat(sameTimes.nextRun()).isEqualTo(START.plus(HOUR));
        assertThat(sameTimes.args()).hasToString("[\"b\", 2]");
        Schedule other = schedules
                .every("s", Duration.ofMinutes(20))
                .task(reports::render, "b", 2)
                .update();

        assertThat(other.nextRun()).isEqualTo(START.plus(Duration.ofMinutes(40)));
        assertThat(other.createdAt()).isEqualTo(START);
    }

    @Test
    void aCompletedOneLivesAgainWhenAnUpdateLeavesItTicks() {
        schedules.at("s", START.plus(HOUR), reports::renderAll);
        backend.scheduleStorage()
                .updateSchedule(
                        "s",
                        s -> s.toBuilder()
                                .status(ScheduleStatus.COMPLETED)
                                .nextRun(null)
                                .build());
        advance(HOUR);
        assertThatThrownBy(() -> schedules.pause("s", "x")).hasMessageContaining("status=completed");

        Schedule again = schedules
                .at("s", START.plus(HOUR.multipliedBy(3)))
                .task(reports::renderAll)
                .update();

        assertThat(again.status()).isEqualTo(ScheduleStatus.ACTIVE);
        assertThat(again.nextRun()).isEqualTo(START.plus(HOUR.multipliedBy(3)));
    }

    @Test
    void aPauseDropsTheTicksOfItsTime() {
        schedules.every("s", HOUR, reports::renderAll);

        assertThat(schedules.pause("s", "holidays"))
                .returns(ScheduleStatus.PAUSED, Schedule::status)
                .returns("holidays", Schedule::reason);
        assertThat(schedules.pause("s", "again").reason()).isEqualTo("holidays");
        advance(Duration.ofMinutes(150));
        Schedule resumed = schedules.resume("s");

        assertThat(resumed)
                .returns(ScheduleStatus.ACTIVE, Schedule::status)
                .returns(null, Schedule::reason)
                .returns(START.plus(HOUR.multipliedBy(3)), Schedule::nextRun);
        assertThat(schedules.resume("s")).isEqualTo(resumed);
    }

    @Test
    void aPauseThatOutlastsAllTicksIsNotResumedSilently() {
        schedules.at("s", START.plus(HOUR), reports::renderAll);
        schedules.pause("s", "x");
        advance(HOUR);

        assertThatThrownBy(() -> schedules.resume("s"))
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessageContaining("passed while it was paused");
        assertThat(schedules.get("s").orElseThrow().status()).isEqualTo(ScheduleStatus.PAUSED);
    }

    @Test
    void pauseAndResumeAreToldAsEvents() {
        schedules.every("s", HOUR, reports::renderAll);
        schedules.pause("s", "holidays");
        schedules.resume("s");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(omniq.eventStorage().getEvents(EventQuery.all()))
                        .filteredOn(event -> "s".equals(event.scheduleId()))
                        .extracting(TaskEvent::eventType)
                        .containsExactly(EventType.SCHEDULE_PAUSED, EventType.SCHEDULE_RESUMED));
    }

    @Test
    void aCancelledOneStaysButNeverFires() {
        schedules.every("s", HOUR, reports::renderAll);

        assertThat(schedules.cancel("s", "over"))
                .returns(ScheduleStatus.CANCELLED, Schedule::status)
                .returns(null, Schedule::nextRun);
        assertThatThrownBy(() -> schedules.resume("s"))
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessageContaining("status=cancelled");
        assertThatThrownBy(() ->
                        schedules.every("s", HOUR).task(reports::renderAll).update())
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessageContaining("a cancelled schedule cannot be changed");
        assertThat(schedules.nextFireTimes("s", 3)).isEmpty();
        assertThat(schedules.delete("s")).isTrue();
        assertThat(schedules.delete("s")).isFalse();
    }

    @Test
    void runsByRequestStandInTheHistoryAndCountForNothing() {
        schedules.every("s", HOUR).task(reports::render, "a", 1).maxRuns(1).create();
        schedules.pause("s", "x");

        TaskHandle<Object> handle = schedules.runNow("s");

        TaskRecord task = omniq.taskStorage().getTask(handle.id()).orElseThrow();
        assertThat(task).returns("s", TaskRecord::scheduleId).returns(null, TaskRecord::scheduledFor);
        assertThat(schedules.history("s")).containsExactly(new ScheduleRun(handle.id(), null, START, false));
        assertThat(schedules.get("s").orElseThrow().runCount()).isZero();
        assertThatThrownBy(() -> schedules.runNow("t")).isInstanceOf(ScheduleNotFoundException.class);
    }

    @Test
    void areListedAndTellTheirTimes() {
        schedules.every("b", HOUR).task(reports::renderAll).maxRuns(2).create();
        schedules.every("a", HOUR, reports::renderAll);
        schedules.pause("a", "x");
        advance(Duration.ofMinutes(90));

        assertThat(schedules.list()).extracting(Schedule::id).containsExactly("a", "b");
        assertThat(schedules.list(ScheduleStatus.PAUSED))
                .extracting(Schedule::id)
                .containsExactly("a");
        assertThat(schedules.nextFireTimes("a", 2))
                .containsExactly(START.plus(HOUR.multipliedBy(2)), START.plus(HOUR.multipliedBy(3)));
        assertThat(schedules.nextFireTimes("b", 9)).containsExactly(START.plus(HOUR), START.plus(HOUR.multipliedBy(2)));
        assertThat(schedules.describe("b")).contains("every").contains("2 times");
        assertThatThrownBy(() -> schedules.nextFireTimes("a", 0)).hasMessageContaining("count=0");
        assertThatThrownBy(() -> schedules.describe("c")).isInstanceOf(ScheduleNotFoundException.class);
    }

    @Test
    void fireWhenStarted() {
        schedules.every("s", HOUR).task(reports::render, "a", 1).create();
        omniq.start();

        advance(HOUR);
        schedules.every("other", HOUR, reports::renderAll); // wakes the scheduler

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(schedules.history("s")).hasSize(1));
        String id = schedules.history("s").get(0).taskId();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(omniq.resultStorage().get(id)).isPresent());
        assertThat(omniq.status().brokenSchedules()).isEmpty();
    }

    @Test
    void canBeUsedWithoutBlocking() throws Exception {
        AsyncSchedules async = omniq.async().schedules();

        async.create(schedules.every("s", HOUR).task(reports::renderAll)).get();
        async.update(schedules.every("s", HOUR).task(reports::render, "a", 1)).get();
        async.pause("s", "x").get();
        async.resume("s").get();
        String id = async.runNow("s").get().id();

        assertThat(async.history("s").get()).extracting(ScheduleRun::taskId).containsExactly(id);
        assertThat(async.get("s").get()).isPresent();
        assertThat(async.list().get()).hasSize(1);
        assertThat(async.list(ScheduleStatus.PAUSED).get()).isEmpty();
        assertThat(async.nextFireTimes("s", 1).get()).hasSize(1);
        assertThat(async.describe("s").get()).isNotEmpty();
        assertThat(async.cancel("s", "x").get().status()).isEqualTo(ScheduleStatus.CANCELLED);
        assertThat(async.delete("s").get()).isTrue();
    }

    @Test
    void areLeftAloneWhenClosed() {
        omniq.close();

        assertThatThrownBy(() -> schedules.every("s", HOUR, reports::renderAll))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> schedules.runNow("s")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> schedules.delete("s")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aProducerThatRegistersNothingMakesThemByName() {
        try (OmniQ producer =
                OmniQ.builder().backend(backend).leaveBackendsOpen().build()) {
            producer.schedules()
                    .every("s", HOUR)
                    .task("elsewhere.task", 1)
                    .queue("q")
                    .create();

            assertThat(producer.schedules().get("s").orElseThrow().queueName()).isEqualTo("q");
            assertThat(List.of(producer.schedules().get("s").orElseThrow().func()))
                    .containsExactly("elsewhere.task");
        }
    }
}
