/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.model.MisfirePolicy;
import io.omniq.model.OverlapPolicy;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleStatus;
import io.omniq.model.ScheduleType;
import io.omniq.storage.MemoryBackend;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of {@code @Scheduled} at start. */
@Timeout(60)
class DeclaredSchedulesTest {
    /** The first release. */
    public static class First {
        @Task("reports.nightly")
        @Scheduled(cron = "0 2 * * *", zone = "Europe/Berlin")
        public void nightly() {}

        @Task("mail.poll")
        @Scheduled(
                id = "poll",
                every = "PT5M",
                misfire = MisfirePolicy.FIRE_ALL,
                misfireWindow = "PT1H",
                overlap = OverlapPolicy.SKIP_IF_RUNNING,
                jitter = "PT10S",
                maxRuns = 7)
        public void poll() {}
    }

    /** The second: one changed, one gone. */
    public static class Second {
        @Task("reports.nightly")
        @Scheduled(cron = "30 3 * * *", zone = "Europe/Berlin")
        public void nightly() {}

        @Task("mail.poll")
        public void poll() {}
    }

    /** With a time that has passed. */
    public static class Late {
        @Task("late")
        @Scheduled(at = "2001-01-01T00:00:00Z")
        public void late() {}
    }

    private final MemoryBackend backend = new MemoryBackend();

    @AfterEach
    void close() {
        backend.close();
    }

    private OmniQBuilder builder(Object tasks) {
        return OmniQ.builder().backend(backend).leaveBackendsOpen().register(tasks);
    }

    private void start(Object tasks) {
        start(builder(tasks));
    }

    private static void start(OmniQBuilder builder) {
        try (OmniQ omniq = builder.build()) {
            omniq.start();
        }
    }

    private Schedule schedule(String id) {
        return backend.scheduleStorage().getSchedule(id).orElseThrow();
    }

    @Test
    void areMadeAtStart() {
        start(new First());

        assertThat(schedule("reports.nightly"))
                .returns("0 2 * * *", Schedule::cronExpression)
                .returns("Europe/Berlin", Schedule::timeZone)
                .returns("package io.omniq", Schedule::declaredBy)
                .returns(ScheduleStatus.ACTIVE, Schedule::status);
        assertThat(schedule("poll"))
                .returns("mail.poll", Schedule::func)
                .returns(Duration.ofMinutes(5), Schedule::interval)
                .returns(Duration.ofHours(1), Schedule::misfireWindow)
                .returns(OverlapPolicy.SKIP_IF_RUNNING, Schedule::overlap)
                .returns(Duration.ofSeconds(10), Schedule::jitter)
                .returns(7, Schedule::maxRuns);
    }

    @Test
    void areLeftAsTheyAreWhenNothingChanged() {
        start(new First());
        Schedule before = schedule("poll");

        start(new First());

        assertThat(schedule("poll")).isEqualTo(before);
    }

    @Test
    void areChangedAndPausedWithTheCodeAndComeBackWithIt() {
        start(new First());
        start(new Second());

        assertThat(schedule("reports.nightly").cronExpression()).isEqualTo("30 3 * * *");
        assertThat(schedule("poll"))
                .returns(ScheduleStatus.PAUSED, Schedule::status)
                .returns("gone from the code: package io.omniq", Schedule::reason);
        start(new First());
        assertThat(schedule("poll"))
                .returns(ScheduleStatus.ACTIVE, Schedule::status)
                .returns(null, Schedule::reason);
    }

    @Test
    void whatPeoplePausedOrCancelledStaysSo() {
        start(new First());
        try (OmniQ omniq = builder(new First()).build()) {
            omniq.schedules().pause("poll", "by hand");
            omniq.schedules().cancel("reports.nightly", "by hand");
        }

        start(new First());

        assertThat(schedule("poll").status()).isEqualTo(ScheduleStatus.PAUSED);
        assertThat(schedule("reports.nightly").status()).isEqualTo(ScheduleStatus.CANCELLED);
    }

    @Test
    void thoseMadeByCallsAreNotTouched() {
        try (OmniQ omniq = builder(new Second()).build()) {
            omniq.schedules()
                    .every("mine", Duration.ofHours(1))
                    .task("mail.poll")
                    .create();
        }

        start(new Second());

        assertThat(schedule("mine").status()).isEqualTo(ScheduleStatus.ACTIVE);
    }

    @Test
    void anIdTakenByACallStopsTheStart() {
        try (OmniQ omniq = builder(new First()).build()) {
            omniq.schedules()
                    .every("poll", Duration.ofHours(1))
                    .task("mail.poll")
                    .create();
        }

        assertThatThrownBy(() -> start(new First()))
                .isInstanceOf(ScheduleConflictException.class)
                .hasMessageContaining("id=poll differs_in=[declared_by]");
    }

    @Test
    void applicationsWithNamesLeaveEachOtherAlone() {
        start(builder(new First()).application("one"));

        start(builder(new Second()).application("two"));
        assertThat(schedule("poll").status()).isEqualTo(ScheduleStatus.ACTIVE);
        start(builder(new Second()).application("one"));

        assertThat(schedule("poll")).returns("gone from the code: one", Schedule::reason);
        assertThatThrownBy(() -> builder(new First()).application("a/b")).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void oneWhoseTimeHasPassedIsNotMadeAndStopsNothing() {
        start(new Late());

        assertThat(backend.scheduleStorage().listSchedules(null)).isEmpty();
    }

    @Test
    void oneThatIsCompletedAndChangedInTheCodeStopsNothing() {
        Instant past = Instant.parse("2001-01-01T00:00:00Z");
        Schedule over = Schedule.builder("late", ScheduleType.TIMESTAMP, "late", past.minusSeconds(9))
                .timestamp(past)
                .status(ScheduleStatus.COMPLETED)
                .queueName("another")
                .declaredBy("package of.another.release")
                .build();
        backend.scheduleStorage().saveSchedule(over);

        start(new Late());

        assertThat(schedule("late")).isEqualTo(over);
    }

    /** Two kinds of times. */
    public static class Both {
        @Task("both")
        @Scheduled(cron = "0 2 * * *", every = "PT5M")
        public void both() {}
    }

    /** A parameter. */
    public static class Parameter {
        @Task("parameter")
        @Scheduled(every = "PT5M")
        public void parameter(String x) {}
    }

    /** A zone without cron. */
    public static class Zone {
        @Task("zone")
        @Scheduled(every = "PT5M", zone = "UTC")
        public void zone() {}
    }

    /** An unknown zone. */
    public static class Mars {
        @Task("mars")
        @Scheduled(cron = "0 2 * * *", zone = "Mars/Base")
        public void mars() {}
    }

    /** No duration. */
    public static class Soon {
        @Task("soon")
        @Scheduled(every = "soon")
        public void soon() {}
    }

    /** One id. */
    public static class Twice {
        @Task("twice.a")
        @Scheduled(id = "twice", every = "PT5M")
        public void a() {}

        @Task("twice.b")
        @Scheduled(id = "twice", every = "PT5M")
        public void b() {}
    }

    /** No task. */
    public static class NoTask {
        @Scheduled(every = "PT5M")
        public void noTask() {}
    }

    @Test
    void mistakesAreSaidWhenItIsBuilt() {
        assertThatThrownBy(() -> builder(new Both()).build())
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessageContaining("exactly one of cron, every and at")
                .hasMessageContaining("Both.both");
        assertThatThrownBy(() -> builder(new Parameter()).build()).hasMessageContaining("no parameters");
        assertThatThrownBy(() -> builder(new Zone()).build()).hasMessageContaining("a zone goes with cron only");
        assertThatThrownBy(() -> builder(new Mars()).build()).hasMessageContaining("Mars/Base");
        assertThatThrownBy(() -> builder(new Soon()).build()).hasMessageContaining("every=soon");
        assertThatThrownBy(() -> builder(new Twice()).build()).hasMessageContaining("id=twice");
        assertThatThrownBy(() -> builder(new NoTask()).build())
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("needs @Task");
    }
}
