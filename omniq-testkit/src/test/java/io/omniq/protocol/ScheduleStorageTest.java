/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidNameException;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleStatus;
import io.omniq.model.ScheduleType;
import io.omniq.testkit.Fault;
import io.omniq.testkit.StoreOperation;
import io.omniq.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ScheduleStorageTest {
    private final Lab lab = new Lab();
    private final Peer peer = lab.producer("p");

    private static Schedule.Builder schedule(String id) {
        return Schedule.builder(id, ScheduleType.INTERVAL, "report.render", TestClock.START)
                .interval(Duration.ofMinutes(5))
                .nextRun(TestClock.START.plusSeconds(300));
    }

    private List<String> ids(List<Schedule> schedules) {
        return schedules.stream().map(Schedule::id).toList();
    }

    @Test
    void everyFieldSurvives() {
        Schedule full = Schedule.builder("s.1", ScheduleType.CRON, "report.render", TestClock.START)
                .cronExpression("0 2 * * *")
                .interval(Duration.ofMinutes(5))
                .timestamp(TestClock.START.plusSeconds(1))
                .args(List.of(Peer.json(1), Peer.json("two")))
                .kwargs(Map.of("k", Peer.json(List.of(3))))
                .queueName("reports")
                .status(ScheduleStatus.PAUSED)
                .lastRun(TestClock.START.plusSeconds(2))
                .nextRun(TestClock.START.plusSeconds(3))
                .maxRuns(10)
                .runCount(4)
                .ttl(Duration.ofDays(9))
                .expiresAt(TestClock.START.plus(Duration.ofDays(9)))
                .metadata(Map.of("tenant", "t1"))
                .build();

        assertThat(peer.schedules.saveSchedule(full)).isTrue();

        assertThat(peer.schedules.getSchedule("s.1")).contains(full);
        assertThat(peer.schedules.listSchedules(null)).containsExactly(full);
    }

    @Test
    void aTakenIdIsNotOverwritten() {
        peer.schedules.saveSchedule(schedule("s").build());

        assertThat(peer.schedules.saveSchedule(schedule("s").runCount(9).build()))
                .isFalse();
        assertThat(peer.schedules.getSchedule("s").orElseThrow().runCount()).isZero();
    }

    @Test
    void impossibleIdsAreRefused() {
        assertThatThrownBy(() -> schedule("a/b").build()).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> peer.schedules.getSchedule("..")).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> peer.schedules.updateSchedule("", s -> s)).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> peer.schedules.deleteSchedule(".x")).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void anUpdateChangesWhatIsStored() {
        peer.schedules.saveSchedule(schedule("s").build());

        Schedule changed = peer.schedules
                .updateSchedule(
                        "s", s -> s.toBuilder().runCount(s.runCount() + 1).build())
                .orElseThrow();

        assertThat(changed.runCount()).isEqualTo(1);
        assertThat(peer.schedules.getSchedule("s")).contains(changed);
    }

    @Test
    void anUpdateOfNothingIsEmptyAndAnotherIdRefused() {
        assertThat(peer.schedules.updateSchedule("s", s -> s)).isEmpty();
        peer.schedules.saveSchedule(schedule("s").build());

        assertThatThrownBy(() ->
                        peer.schedules.updateSchedule("s", s -> schedule("t").build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("changed=t");
    }

    @Test
    void anUpdateThatWasOvertakenIsAppliedToWhatTheOtherWrote() {
        peer.schedules.saveSchedule(schedule("s").build());
        Peer other = lab.producer("other");
        lab.faulty.failNext(StoreOperation.REPLACE, "schedules/", Fault.FAIL);
        peer.duringPause = () -> {
            peer.duringPause = () -> {};
            other.schedules.updateSchedule(
                    "s", s -> s.toBuilder().status(ScheduleStatus.PAUSED).build());
        };

        peer.schedules.updateSchedule("s", s -> s.toBuilder().runCount(7).build());

        assertThat(peer.schedules.getSchedule("s").orElseThrow())
                .returns(ScheduleStatus.PAUSED, Schedule::status)
                .returns(7, Schedule::runCount);
    }

    @Test
    void anUpdateWhoseAnswerWasLostIsAppliedOnce() {
        peer.schedules.saveSchedule(schedule("s").build());
        lab.faulty.failNext(StoreOperation.REPLACE, "schedules/", Fault.LOST_ANSWER);
        lab.faulty.failNext(StoreOperation.REPLACE, "schedules/", Fault.REPEATED);

        for (int i = 0; i < 2; i++) {
            peer.schedules.updateSchedule(
                    "s", s -> s.toBuilder().runCount(s.runCount() + 1).build());
        }

        assertThat(peer.schedules.getSchedule("s").orElseThrow().runCount()).isEqualTo(2);
    }

    @Test
    @Timeout(60)
    void noUpdateIsLostInARace() throws Exception {
        peer.schedules.saveSchedule(schedule("s").build());
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> futures = IntStream.range(0, 4)
                    .<Future<?>>mapToObj(t -> {
                        Peer mine = lab.producer("p" + t);
                        return threads.submit(() -> IntStream.range(0, 50)
                                .forEach(i -> mine.schedules.updateSchedule(
                                        "s",
                                        s -> s.toBuilder()
                                                .runCount(s.runCount() + 1)
                                                .build())));
                    })
                    .toList();
            for (Future<?> future : futures) {
                future.get(50, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(peer.schedules.getSchedule("s").orElseThrow().runCount()).isEqualTo(200);
    }

    @Test
    void areListedByStatus() {
        peer.schedules.saveSchedule(schedule("b").build());
        peer.schedules.saveSchedule(schedule("a").status(ScheduleStatus.PAUSED).build());
        peer.schedules.saveSchedule(
                schedule("c").status(ScheduleStatus.COMPLETED).build());

        assertThat(ids(peer.schedules.listSchedules(null))).containsExactly("a", "b", "c");
        assertThat(ids(peer.schedules.listSchedules(ScheduleStatus.ACTIVE))).containsExactly("b");
        assertThat(ids(peer.schedules.listSchedules(ScheduleStatus.CANCELLED))).isEmpty();
    }

    @Test
    void areReadyWhenActiveAndDue() {
        peer.schedules.saveSchedule(schedule("due").build());
        peer.schedules.saveSchedule(
                schedule("later").nextRun(TestClock.START.plusSeconds(301)).build());
        peer.schedules.saveSchedule(
                schedule("paused").status(ScheduleStatus.PAUSED).build());
        peer.schedules.saveSchedule(schedule("never").nextRun(null).build());

        assertThat(ids(peer.schedules.getReadySchedules(TestClock.START.plusSeconds(300))))
                .containsExactly("due");
        assertThat(peer.schedules.getReadySchedules(TestClock.START.plusSeconds(299)))
                .isEmpty();
    }

    @Test
    void aDeletedOneIsGone() {
        peer.schedules.saveSchedule(schedule("s").build());

        assertThat(peer.schedules.deleteSchedule("s")).isTrue();
        assertThat(peer.schedules.deleteSchedule("s")).isFalse();
        assertThat(peer.schedules.getSchedule("s")).isEmpty();
    }
}
