/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.internal.protocol.EventRecorder;
import io.omniq.model.EventType;
import io.omniq.model.TaskEvent;
import io.omniq.model.TaskRecord;
import io.omniq.storage.EventQuery;
import io.omniq.store.StorageException;
import io.omniq.testkit.CountingObjectStore.Operations;
import io.omniq.testkit.Fault;
import io.omniq.testkit.StoreOperation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventRecorderTest {
    private final Lab lab = new Lab();
    private final Peer peer = lab.producer("p");
    private final TaskRecord task = lab.producer("q").enqueue("a").task();
    private final AtomicInteger batches = new AtomicInteger();

    private EventRecorder recorder(int capacity) {
        EventRecorder recorder = new EventRecorder(peer.surroundings, peer.tally, capacity, batches::incrementAndGet);
        recorder.flushTo(peer.eventStore);
        return recorder;
    }

    private static void tell(EventRecorder recorder, TaskRecord task, int count) {
        for (int i = 0; i < count; i++) {
            recorder.tell(EventType.EXECUTING, task, "w1");
        }
    }

    private List<TaskEvent> stored() {
        return peer.eventStore.getEvents(EventQuery.all().page(100_000, 0));
    }

    @Test
    void writesNothingUntilItsStep() {
        EventRecorder recorder = recorder(1_000);
        lab.store.reset();

        tell(recorder, task, 10);

        assertThat(lab.store.counts()).isEqualTo(Operations.NONE);
        assertThat(recorder.step()).isEqualTo(10);
        assertThat(recorder.step()).isZero();
        assertThat(stored()).hasSize(10);
    }

    @Test
    void namesAnObjectByItsOnlyEvent() {
        EventRecorder recorder = recorder(1_000);
        recorder.tell(EventType.EXECUTING, task, "w1", b -> b.message("hello"));

        recorder.step();

        TaskEvent event = stored().get(0);
        assertThat(lab.keys("events/")).containsExactly("events/" + event.id() + ".json");
        assertThat(lab.json("events/" + event.id() + ".json").isObject()).isTrue();
        assertThat(event)
                .returns("a", TaskEvent::taskId)
                .returns("default", TaskEvent::queueName)
                .returns("w1", TaskEvent::workerId)
                .returns("hello", TaskEvent::message)
                .returns(lab.clock.instant(), TaskEvent::timestamp);
    }

    @Test
    void flushesAtMostABatchAtATime() {
        EventRecorder recorder = recorder(1_000);
        tell(recorder, task, 600);

        assertThat(List.of(recorder.step(), recorder.step(), recorder.step(), recorder.step()))
                .containsExactly(256, 256, 88, 0);
        assertThat(lab.keys("events/")).hasSize(3);
        assertThat(stored()).hasSize(600).extracting(TaskEvent::id).doesNotHaveDuplicates();
    }

    @Test
    void callsForAFlushWhenABatchIsFull() {
        EventRecorder recorder = recorder(1_000);
        tell(recorder, task, 255);
        assertThat(batches).hasValue(0);

        tell(recorder, task, 1);

        assertThat(batches).hasValue(1);
    }

    @Test
    void dropsAndCountsWhatItCannotHold() {
        EventRecorder recorder = recorder(10);

        tell(recorder, task, 13);

        assertThat(peer.tally.droppedEvents()).isEqualTo(3);
        assertThat(recorder.step()).isEqualTo(10);
        tell(recorder, task, 1);
        assertThat(recorder.step()).isEqualTo(1);
        assertThat(peer.tally.droppedEvents()).isEqualTo(3);
    }

    @Test
    void repeatsAFailedFlushWithoutDuplicates() {
        EventRecorder recorder = recorder(1_000);
        tell(recorder, task, 5);
        // It lands, but nobody learns of it.
        lab.faulty.failNext(StoreOperation.CREATE, "events/", Fault.LOST_ANSWER);
        for (int i = 0; i < 6; i++) {
            lab.faulty.failNext(StoreOperation.GET, "events/", Fault.FAIL);
        }
        assertThatThrownBy(recorder::step).isInstanceOf(StorageException.class);
        tell(recorder, task, 2);

        assertThat(recorder.step()).isEqualTo(5);
        assertThat(recorder.step()).isEqualTo(2);

        assertThat(lab.keys("events/")).hasSize(2);
        assertThat(stored()).hasSize(7).extracting(TaskEvent::id).doesNotHaveDuplicates();
        assertThat(peer.tally.droppedEvents()).isZero();
    }

    @Test
    void repeatsAFlushThatStoppedHalfwayWithoutDuplicates() {
        EventRecorder recorder = recorder(1_000);
        tell(recorder, task, 3);
        lab.advance(Duration.ofMinutes(2));
        tell(recorder, task, 3);
        // Two objects, because they lie more than a minute apart; the second fails.
        lab.store.reset();
        lab.faulty.failNext(StoreOperation.CREATE, "events/", Fault.LOST_ANSWER);
        for (int i = 0; i < 6; i++) {
            lab.faulty.failNext(StoreOperation.CREATE, "events/", Fault.FAIL);
        }
        assertThatThrownBy(recorder::step).isInstanceOf(StorageException.class);
        assertThat(lab.keys("events/")).hasSize(1);

        assertThat(recorder.step()).isEqualTo(6);

        assertThat(lab.keys("events/")).hasSize(2);
        assertThat(stored()).hasSize(6);
    }

    @Test
    void keepsWhatIsToldBeforeItKnowsWhereTo() {
        EventRecorder recorder = new EventRecorder(peer.surroundings, peer.tally, 100, () -> {});
        tell(recorder, task, 2);
        assertThat(recorder.step()).isZero();

        recorder.flushTo(peer.eventStore);

        assertThat(recorder.step()).isEqualTo(2);
    }

    @Test
    void flushesEverythingAtTheEnd() {
        EventRecorder recorder = recorder(1_000);
        tell(recorder, task, 600);

        recorder.drain();

        assertThat(stored()).hasSize(600);
        assertThat(peer.tally.droppedEvents()).isZero();
    }

    @Test
    void countsWhatItGivesUpAtTheEnd() {
        EventRecorder recorder = recorder(1_000);
        tell(recorder, task, 300);
        lab.faulty.startOutage();

        recorder.drain();

        assertThat(peer.tally.droppedEvents()).isEqualTo(300);
        assertThat(peer.tally.storageFailures()).isEqualTo(1);
        lab.faulty.endOutage();
        assertThat(recorder.step()).isZero();
    }
}
