/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.internal.protocol.AwaitedTasks;
import io.omniq.internal.protocol.EventSink;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Protocol;
import io.omniq.internal.protocol.ProtocolSettings;
import io.omniq.internal.protocol.ResultStore;
import io.omniq.internal.protocol.Tally;
import io.omniq.internal.protocol.TaskStore;
import io.omniq.internal.util.Surroundings;
import io.omniq.model.NewTask;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskResult;
import io.omniq.model.TaskStatus;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many futures on a store that takes its time, which is the test's: a call moves the clock. */
class ResultWaiterTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final int MANY = 200;

    private long nanos = 1;
    private final SlowStore store = new SlowStore(() -> START.plusNanos(nanos), by -> nanos += by.toNanos());
    private final Random random = new Random(1);
    private final Surroundings surroundings =
            new Surroundings(() -> START.plusNanos(nanos), () -> nanos, random, random, pause -> {
                nanos += pause.toNanos();
                return true;
            });
    private final Protocol protocol = new Protocol(
            Protocol.Stores.of(store), surroundings, ProtocolSettings.ofDefaults(), new Tally(), EventSink.NONE);
    private final TaskStore tasks = new TaskStore(protocol, new NoConsumer());
    private final ResultStore results = new ResultStore(protocol);
    private final ResultWaiter waiter =
            new ResultWaiter(new AwaitedTasks(protocol), surroundings, LONGEST_LOOK, () -> {});

    /** Nothing dequeues here. */
    private static final class NoConsumer implements TaskStore.Consumer {
        @Override
        public Optional<HeldClaim> dequeue(List<String> queues, Duration timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void done(HeldClaim claim) {}
    }

    private List<String> single() {
        return IntStream.range(0, MANY)
                .mapToObj(i -> tasks.enqueue(NewTask.of("plain")).task().id())
                .toList();
    }

    private List<String> together(int count) {
        NewTask task = NewTask.of("plain").withOptions(TaskOptions.none().batchSize(1_000));
        return tasks.enqueueAll(Collections.nCopies(count, task)).stream()
                .map(enqueued -> enqueued.task().id())
                .toList();
    }

    private List<CompletableFuture<TaskResult>> awaited(List<String> ids) {
        return ids.stream().map(id -> waiter.await(id, DEADLINE)).toList();
    }

    private void end(String id) {
        assertThat(results.set(TaskResult.builder(id, ResultStatus.SUCCESS, surroundings.now())
                        .build()))
                .isTrue();
    }

    /** Looks whenever it is time to, until then. */
    private void pass(Duration time) {
        long end = nanos + time.toNanos();
        while (nanos < end) {
            waiter.step();
            nanos += Math.max(1, waiter.untilNextLook().toNanos());
        }
    }

    private static List<Throwable> causes(List<CompletableFuture<TaskResult>> futures) {
        assertThat(futures).allMatch(CompletableFuture::isDone);
        return futures.stream()
                .map(future -> future.handle((result, error) -> error).join())
                .toList();
    }

    @Test
    void allThatAreDueAreAskedForTogether() {
        List<String> ids = single();
        List<CompletableFuture<TaskResult>> futures = awaited(ids);
        ids.forEach(this::end);
        store.begin();

        assertThat(waiter.step()).isEqualTo(MANY);

        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(store.groups).containsExactly(MANY);
        assertThat(store.single).isZero();
    }

    @Test
    void whatABatchSharesIsReadOnceForAllItsMembers() {
        List<String> ids = together(MANY);
        List<CompletableFuture<TaskResult>> futures = awaited(ids);
        ids.subList(0, MANY / 2).forEach(this::end);
        store.begin();

        assertThat(waiter.step()).isEqualTo(MANY / 2);

        assertThat(futures.stream().filter(CompletableFuture::isDone)).hasSize(MANY / 2);
        assertThat(store.groups).containsExactly(1);
        assertThat(store.single).isZero();
    }

    @Test
    void deadlinesOfManyComeInTimeOnASlowStore() {
        List<CompletableFuture<TaskResult>> futures = awaited(single());
        List<CompletableFuture<TaskResult>> members = awaited(together(MANY));
        store.begin();

        pass(DEADLINE.plus(SlowStore.LATENCY.multipliedBy(6)));

        assertThat(causes(futures)).hasOnlyElementsOfType(TaskDeadlineException.class);
        assertThat(causes(members))
                .hasSize(MANY)
                .allSatisfy(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                TaskDeadlineException.class,
                                late -> assertThat(late.status()).isEqualTo(TaskStatus.PENDING)));
        assertThat(store.single).as("nobody was asked for alone").isZero();
    }

    @Test
    void tasksThatWentAreFoundOutTogether() {
        List<String> ids = single();
        List<String> members = together(3);
        List<CompletableFuture<TaskResult>> futures = awaited(ids);
        List<CompletableFuture<TaskResult>> shared = awaited(members);
        ids.forEach(tasks::deleteTask);
        tasks.deleteTask(members.get(1));
        store.begin();

        pass(LONGEST_LOOK.multipliedBy(3));

        assertThat(causes(futures)).hasOnlyElementsOfType(TaskNotFoundException.class);
        assertThat(shared.get(1)).isCompletedExceptionally();
        assertThat(shared.get(0)).isNotDone();
        assertThat(shared.get(2)).isNotDone();
        assertThat(store.single).as("only the one that left the others").isLessThanOrEqualTo(2);
    }

    @Test
    void aMemberThatLeftItsBatchIsFoundInItsOwnPlace() {
        List<String> ids = together(3);
        tasks.move(ids.get(1), "slow");
        List<CompletableFuture<TaskResult>> futures = awaited(ids);
        end(ids.get(1));
        end(ids.get(2));

        waiter.step();

        assertThat(futures.get(0)).isNotDone();
        assertThat(futures.get(1).join().taskId()).isEqualTo(ids.get(1));
        assertThat(futures.get(2).join().taskId()).isEqualTo(ids.get(2));
        pass(DEADLINE.plus(LONGEST_LOOK));
        assertThat(causes(futures.subList(0, 1))).hasOnlyElementsOfType(TaskDeadlineException.class);
    }

    @Test
    void oneThatCannotBeReadIsNobodyElsesTrouble() {
        String broken = tasks.enqueue(NewTask.of("plain")).task().id();
        String fine = tasks.enqueue(NewTask.of("plain")).task().id();
        store.put("results/" + broken + ".json", "{]");
        end(fine);

        List<CompletableFuture<TaskResult>> futures = awaited(List.of(broken, fine));
        waiter.step();

        assertThatThrownBy(() -> futures.get(0).join()).hasCauseInstanceOf(UnreadableRecordException.class);
        assertThat(futures.get(1).join().taskId()).isEqualTo(fine);
    }

    @Test
    void oneThatTheStoreRefusesIsNobodyElsesTrouble() {
        List<String> ids = List.of(
                tasks.enqueue(NewTask.of("plain")).task().id(),
                tasks.enqueue(NewTask.of("plain")).task().id());
        ids.forEach(this::end);
        store.refused = "results/" + ids.get(0) + ".json";

        List<CompletableFuture<TaskResult>> futures = awaited(ids);
        waiter.step();

        assertThatThrownBy(() -> futures.get(0).join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(StorageException.class);
        assertThat(futures.get(1).join().taskId()).isEqualTo(ids.get(1));
    }
}
