/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.model.EventType;
import io.omniq.model.TaskEvent;
import io.omniq.model.Ulid;
import io.omniq.storage.EventQuery;
import io.omniq.testkit.CountingObjectStore.Operations;
import io.omniq.testkit.StoreOperation;
import io.omniq.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventStorageTest {
    private final Lab lab = new Lab();
    private final Peer peer = lab.producer("p");
    private final Ulid ids = new Ulid(new Random(1));

    private TaskEvent.Builder event(EventType type, Duration after) {
        Instant time = TestClock.START.plus(after);
        return TaskEvent.builder(ids.next(time), type, time);
    }

    private TaskEvent event(Duration after) {
        return event(EventType.ENQUEUED, after).build();
    }

    private List<TaskEvent> found(EventQuery query) {
        return peer.eventStore.getEvents(query);
    }

    @Test
    void everyFieldSurvives() {
        TaskEvent full = event(EventType.FAILED, Duration.ofMillis(5))
                .taskId("a")
                .message("message")
                .details(Map.of("n", 1))
                .workerId("w1")
                .queueName("mail")
                .scheduleId("s")
                .errorType("java.io.IOException")
                .errorMessage("no route")
                .traceback("at\n\there")
                .executionTime(Duration.ofNanos(1_500_000))
                .memoryUsage(1L << 40)
                .metadata(Map.of("k", List.of("v")))
                .build();

        peer.eventStore.logEvent(full);

        assertThat(found(EventQuery.all())).containsExactly(full);
    }

    @Test
    void eventsLoggedTogetherAreOneObject() {
        List<TaskEvent> events = IntStream.range(0, 100)
                .mapToObj(i -> event(Duration.ofMillis(i)))
                .toList();

        peer.eventStore.logEvents(events);

        assertThat(lab.keys("events/"))
                .containsExactly("events/" + events.get(0).id() + ".json");
        assertThat(found(EventQuery.all())).containsExactlyElementsOf(events);
    }

    @Test
    void noEventsAreNoObject() {
        peer.eventStore.logEvents(List.of());

        assertThat(lab.keys("")).isEmpty();
        assertThat(lab.store.counts()).isEqualTo(Operations.NONE);
    }

    @Test
    void anObjectSpansAtMostAMinute() {
        List<TaskEvent> events = IntStream.range(0, 10)
                .mapToObj(i -> event(Duration.ofSeconds(20L * i)))
                .toList();

        peer.eventStore.logEvents(events);

        // 0..60 s, 80..140 s, 160..180 s
        assertThat(lab.keys("events/")).hasSize(3);
        assertThat(found(EventQuery.all())).containsExactlyElementsOf(events);
    }

    @Test
    void areReturnedInOrderAlsoWhenTheyWereLoggedInNone() {
        List<TaskEvent> events = new ArrayList<>(IntStream.range(0, 20)
                .mapToObj(i -> event(Duration.ofSeconds(i)))
                .toList());
        List<TaskEvent> mixed = new ArrayList<>(events);
        Collections.shuffle(mixed, new Random(2));

        peer.eventStore.logEvents(mixed.subList(0, 7));
        peer.eventStore.logEvents(mixed.subList(7, 20));

        assertThat(found(EventQuery.all())).containsExactlyElementsOf(events);
    }

    @Test
    void anEventWithATakenIdIsRefusedAndAnIdenticalOneIsThereAlready() {
        TaskEvent event = event(Duration.ZERO);
        peer.eventStore.logEvent(event);

        peer.eventStore.logEvent(event);
        assertThatThrownBy(() -> peer.eventStore.logEvent(
                        event.toBuilder().message("other").build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(event.id());

        assertThat(found(EventQuery.all())).containsExactly(event);
    }

    @Test
    void areFoundByTaskAndType() {
        TaskEvent a =
                event(EventType.ENQUEUED, Duration.ofSeconds(1)).taskId("a").build();
        TaskEvent b =
                event(EventType.ENQUEUED, Duration.ofSeconds(2)).taskId("b").build();
        TaskEvent done =
                event(EventType.COMPLETED, Duration.ofSeconds(3)).taskId("a").build();
        peer.eventStore.logEvents(List.of(a, b, done));

        assertThat(found(EventQuery.all().ofTask("a"))).containsExactly(a, done);
        assertThat(found(EventQuery.all().ofType(EventType.ENQUEUED))).containsExactly(a, b);
        assertThat(found(EventQuery.all().ofTask("a").ofType(EventType.COMPLETED)))
                .containsExactly(done);
        assertThat(found(EventQuery.all().ofTask("c"))).isEmpty();
    }

    @Test
    void areFoundFromATimeOnAndBeforeAnother() {
        List<TaskEvent> events = IntStream.range(0, 10)
                .mapToObj(i -> event(Duration.ofSeconds(i)))
                .toList();
        peer.eventStore.logEvents(events);
        Instant from = TestClock.START.plusSeconds(3);
        Instant to = TestClock.START.plusSeconds(6);

        assertThat(found(EventQuery.all().between(from, to))).containsExactlyElementsOf(events.subList(3, 6));
        assertThat(found(EventQuery.all().between(from, null))).containsExactlyElementsOf(events.subList(3, 10));
        assertThat(found(EventQuery.all().between(null, to))).containsExactlyElementsOf(events.subList(0, 6));
        assertThat(found(EventQuery.all().between(to, from))).isEmpty();
    }

    @Test
    void areFoundInsideAnObjectThatBeganAMinuteBefore() {
        TaskEvent first = event(Duration.ZERO);
        TaskEvent last = event(Duration.ofMinutes(1));
        peer.eventStore.logEvents(List.of(first, last));

        assertThat(lab.keys("events/")).hasSize(1);
        assertThat(found(EventQuery.all().between(last.timestamp(), null))).containsExactly(last);
    }

    @Test
    void areFoundWhateverTheBounds() {
        TaskEvent event = event(Duration.ZERO);
        peer.eventStore.logEvent(event);

        assertThat(found(EventQuery.all().between(Instant.EPOCH, Instant.parse("9999-12-31T23:59:59Z"))))
                .containsExactly(event);
        assertThat(found(EventQuery.all().between(Instant.MIN, Instant.MAX))).containsExactly(event);
        assertThat(found(EventQuery.all().between(Instant.MAX, null))).isEmpty();
        assertThat(found(EventQuery.all().between(null, Instant.MIN))).isEmpty();
    }

    @Test
    void arePagedOverWhatMatches() {
        List<TaskEvent> events = IntStream.range(0, 10)
                .mapToObj(i -> event(i % 2 == 0 ? EventType.ENQUEUED : EventType.COMPLETED, Duration.ofSeconds(i))
                        .build())
                .toList();
        peer.eventStore.logEvents(events);
        EventQuery done = EventQuery.all().ofType(EventType.COMPLETED);

        assertThat(found(done.page(2, 0))).containsExactly(events.get(1), events.get(3));
        assertThat(found(done.page(2, 4))).containsExactly(events.get(9));
        assertThat(found(done.page(2, 5))).isEmpty();
        assertThat(found(done.page(Integer.MAX_VALUE, 1))).hasSize(4);
    }

    @Test
    void aNarrowQueryReadsOnlyTheObjectsOfItsSpan() {
        // An hour of one object a minute.
        for (int minute = 0; minute < 60; minute++) {
            peer.eventStore.logEvent(event(Duration.ofMinutes(minute)));
        }
        lab.store.reset();
        Instant from = TestClock.START.plus(Duration.ofMinutes(20));

        List<TaskEvent> found = found(EventQuery.all().between(from, from.plus(Duration.ofMinutes(5))));

        assertThat(found).hasSize(5);
        // Those five, and the one of the minute before, which may reach into the span.
        assertThat(lab.store.counts(StoreOperation.GET).classB()).isEqualTo(6);
        assertThat(lab.store.counts(StoreOperation.LIST).classA()).isEqualTo(1);
    }

    @Test
    void oldOnesAreRemovedWhereTheirWholeObjectIsOld() {
        TaskEvent old = event(Duration.ZERO);
        TaskEvent mixedOld = event(Duration.ofSeconds(50));
        TaskEvent mixedNew = event(Duration.ofSeconds(70));
        TaskEvent fresh = event(Duration.ofSeconds(80));
        peer.eventStore.logEvent(old);
        peer.eventStore.logEvents(List.of(mixedOld, mixedNew));
        peer.eventStore.logEvent(fresh);

        assertThat(peer.eventStore.cleanupOldEvents(TestClock.START.plusSeconds(60)))
                .isEqualTo(1);

        assertThat(found(EventQuery.all())).containsExactly(mixedOld, mixedNew, fresh);
        assertThat(peer.eventStore.cleanupOldEvents(TestClock.START.plusSeconds(71)))
                .isEqualTo(2);
        assertThat(peer.eventStore.cleanupOldEvents(TestClock.START.plusSeconds(80)))
                .isZero();
    }
}
