/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.InvalidTaskException;
import io.omniq.RetryPolicy;
import io.omniq.TaskOptions;
import io.omniq.TaskSignal;
import io.omniq.model.EventType;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskStatus;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerOutcomesTest {
    private static final TaskOptions ONCE = TaskOptions.none().maxAttempts(1);

    private final WorkerBench bench = new WorkerBench();
    private final WorkerBench.Node node = bench.node();

    /** A value that contains itself. */
    public static final class Knot {
        public final List<Object> parts = new ArrayList<>(List.of(this));
    }

    /** A value that cannot be looked at. */
    public static final class Sore {
        public int getValue() {
            throw new AssertionError("do not look");
        }
    }

    private void throwing(Throwable error) {
        bench.scripts.body = context -> {
            throw sneaky(error);
        };
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable error) throws E {
        throw (E) error;
    }

    @Test
    void recordsAValueWithItsAttempt() {
        String id = bench.enqueue("plain");
        bench.scripts.body = context -> {
            for (int i = 0; i < 150; i++) {
                context.log(i + " " + "x".repeat(2000));
            }
            node.pass(Duration.ofSeconds(3));
            return List.of(1, 2);
        };

        node.work();

        assertThat(bench.result(id).status()).isEqualTo(ResultStatus.SUCCESS);
        assertThat(bench.result(id).result()).hasToString("[1,2]");
        assertThat(bench.result(id).executionTime()).isEqualTo(Duration.ofSeconds(3));
        assertThat(bench.result(id).workerId()).isEqualTo("worker-1");
        assertThat(bench.result(id).logs()).hasSize(100);
        assertThat(bench.result(id).logs()).allSatisfy(line -> assertThat(line).hasSize(1000));
        assertThat(bench.result(id).logs().get(0)).startsWith("50 ");
        assertThat(node.ended).containsExactly(id);
        assertThat(bench.events)
                .containsExactly(EventType.ENQUEUED, EventType.DEQUEUED, EventType.EXECUTING, EventType.COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                IllegalStateException.class,
                IOException.class,
                AssertionError.class,
                StackOverflowError.class,
                OutOfMemoryError.class,
                InterruptedException.class,
                ExceptionInInitializerError.class
            })
    void countsAFailureForWhateverAHandlerThrows(Class<? extends Throwable> type) throws Exception {
        String id = bench.enqueue("plain", TaskOptions.none().maxAttempts(2));
        throwing(type.getConstructor().newInstance());

        node.work();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.PENDING);
        assertThat(bench.failures(id)).isOne();

        bench.time.advance(Duration.ofSeconds(2));
        node.work();
        assertThat(bench.result(id).errorType()).isEqualTo(type.getName());
        assertThat(bench.result(id).error()).isEqualTo(type.getSimpleName());
        assertThat(node.worker.running()).isZero();
    }

    @Test
    void tellsWhenTheNextAttemptFallsDue() {
        bench.enqueue("plain", TaskOptions.none().maxAttempts(2));
        throwing(new IllegalStateException("on purpose"));
        node.work();

        node.watch();
        assertThat(node.due).as("at once").isZero();

        bench.time.advance(Duration.ofSeconds(2));
        node.watch();
        node.watch();
        assertThat(node.due).as("once, when its delay is over").isOne();
    }

    @Test
    void tellsWhenAnEnqueuedTaskFallsDueInItsOwnQueues() {
        TaskOptions later = TaskOptions.delayed(Duration.ofSeconds(9));
        node.worker.expect(bench.task(bench.enqueue("plain", later)));
        node.worker.expect(bench.task(bench.enqueue("plain")));
        node.worker.expect(bench.task(bench.enqueue("plain", later.queue("elsewhere"))));
        node.watch();
        assertThat(node.due).isZero();

        bench.time.advance(Duration.ofSeconds(9));
        node.watch();
        assertThat(node.due).isOne();
    }

    @Test
    void survivesARealStackOverflow() {
        String id = bench.enqueue("plain", ONCE);
        bench.scripts.body = context -> deeper(0);

        node.work();

        assertThat(bench.result(id).errorType()).isEqualTo(StackOverflowError.class.getName());
        assertThat(bench.result(id).traceback().length()).isLessThan(10_000);
    }

    private static int deeper(int depth) {
        return depth == Integer.MIN_VALUE ? depth : deeper(depth + 1) + 1;
    }

    @Test
    void doesNotLetAHandlersInterruptIntoTheNextTask() {
        bench.enqueue("plain");
        String next = bench.enqueue("plain");
        bench.scripts.body = context -> {
            boolean interrupted = Thread.currentThread().isInterrupted();
            Thread.currentThread().interrupt();
            return interrupted;
        };

        node.work();

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(bench.result(next).result().asBoolean()).isFalse();
    }

    @Test
    void failsForGoodWhenTheValueCannotBeWritten() {
        String id = bench.enqueue("plain");
        bench.scripts.body = context -> new Knot();

        node.work();

        assertThat(bench.status(id)).isEqualTo(TaskStatus.FAILED);
        assertThat(bench.result(id).attempt()).isOne();
        assertThat(bench.result(id).errorType()).isEqualTo(InvalidTaskException.class.getName());
        assertThat(bench.result(id).error())
                .contains("value cannot be written as JSON")
                .contains("name=plain")
                .contains(Knot.class.getName());
    }

    @Test
    void failsForGoodWhenTheValueThrowsAnErrorWhileItIsWritten() {
        String id = bench.enqueue("plain");
        bench.scripts.body = context -> new Sore();

        node.work();

        assertThat(bench.status(id)).isEqualTo(TaskStatus.FAILED);
        assertThat(bench.result(id).error()).contains("value cannot be written as JSON");
    }

    @Test
    void failsForGoodWhenTheValueIsTooLarge() {
        String id = bench.enqueue("plain");
        bench.scripts.body = context -> "x".repeat(1 << 20);

        node.work();

        assertThat(bench.status(id)).isEqualTo(TaskStatus.FAILED);
        assertThat(bench.result(id).error())
                .isEqualTo("value is too large; store the data elsewhere and return a reference: name=plain"
                        + " limit=1048576");
    }

    @Test
    void failsATaskWhoseStoredArgumentsDoNotFit() {
        String id = bench.enqueue("number", ONCE);

        node.work();

        assertThat(bench.result(id).error()).isEqualTo("wrong number of arguments: name=number expected=(int) given=0");
    }

    @Test
    void waitsForAStageAndRecordsItsValue() {
        CompletableFuture<Object> later = new CompletableFuture<>();
        bench.scripts.stage = context -> later;
        String id = bench.enqueue("staged");

        node.work();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.RUNNING);
        later.complete("later");
        assertThat(bench.status(id)).isEqualTo(TaskStatus.RUNNING); // not on the completing thread
        node.runAll();

        assertThat(bench.result(id).result().asText()).isEqualTo("later");
        assertThat(node.worker.running()).isZero();
    }

    @Test
    void recordsTheFailureOfAStage() {
        String id = bench.enqueue("staged", ONCE);
        bench.scripts.stage = context -> CompletableFuture.completedFuture(1).thenApply(x -> {
            throw new IllegalStateException("in the stage");
        });

        node.work();

        assertThat(bench.result(id).errorType()).isEqualTo(IllegalStateException.class.getName());
        assertThat(bench.result(id).error()).isEqualTo("in the stage");
    }

    @Test
    void treatsAStageThatThrowsBeforeItExistsAsAFailure() {
        String id = bench.enqueue("staged", ONCE);
        bench.scripts.stage = context -> {
            throw new IOException("no stage");
        };

        node.work();

        assertThat(bench.result(id).error()).isEqualTo("no stage");
    }

    @Test
    void completesWithoutAValueWhenTheStageIsNull() {
        String id = bench.enqueue("staged");
        bench.scripts.stage = context -> null;

        node.work();

        assertThat(bench.status(id)).isEqualTo(TaskStatus.COMPLETED);
        assertThat(bench.result(id).result()).isNull();
    }

    @Test
    void waitsForAStageThatIsNoFuture() {
        CompletableFuture<Object> later = new CompletableFuture<>();
        bench.scripts.stage = context -> noFuture(later);
        String id = bench.enqueue("staged");

        node.work();
        later.complete("without a future");
        node.runAll();

        assertThat(node.worker.running()).isZero();
        assertThat(bench.result(id).result().asText()).isEqualTo("without a future");
    }

    /** A stage that refuses {@code toCompletableFuture}, as the interface allows. */
    @SuppressWarnings("unchecked")
    private static CompletionStage<Object> noFuture(CompletionStage<Object> stage) {
        return (CompletionStage<Object>) Proxy.newProxyInstance(
                WorkerOutcomesTest.class.getClassLoader(), new Class<?>[] {CompletionStage.class}, (proxy, m, args) -> {
                    if (m.getName().equals("toCompletableFuture")) {
                        throw new UnsupportedOperationException("no future");
                    }
                    try {
                        return m.invoke(stage, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void snoozesWithoutCountingAFailure() {
        String id = bench.enqueue("plain", ONCE);
        throwing(TaskSignal.snooze(Duration.ofMinutes(5)));

        for (int i = 0; i < 3; i++) {
            node.work();
            node.pass(Duration.ofMinutes(5).minusMillis(1));
            assertThat(node.claim()).isZero();
            node.pass(Duration.ofMillis(1));
        }

        assertThat(bench.failures(id)).isZero();
        assertThat(bench.tasks.getTask(id).orElseThrow().attempt()).isEqualTo(3);
        bench.scripts.body = context -> "awake";
        node.work();
        assertThat(bench.result(id).result().asText()).isEqualTo("awake");
    }

    @Test
    void snoozesForNoTimeAtAll() {
        String id = bench.enqueue("plain", ONCE);
        throwing(TaskSignal.snooze(Duration.ZERO));

        node.work();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.PENDING);
        assertThat(node.claim()).isOne();
    }

    @Test
    void discardsForGood() {
        String id = bench.enqueue("plain");
        throwing(TaskSignal.discard("no such customer"));

        node.work();

        assertThat(bench.status(id)).isEqualTo(TaskStatus.FAILED);
        assertThat(bench.result(id).error()).isEqualTo("no such customer");
        assertThat(bench.result(id).attempt()).isOne();
    }

    @Test
    void cancelsByItsOwnWish() {
        String id = bench.enqueue("plain");
        throwing(TaskSignal.cancel("superseded"));

        node.work();

        assertThat(bench.status(id)).isEqualTo(TaskStatus.CANCELLED);
        assertThat(bench.result(id).error()).isEqualTo("superseded");
    }

    @Test
    void obeysASignalFromInsideAStage() {
        String id = bench.enqueue("staged");
        bench.scripts.stage = context -> CompletableFuture.completedFuture(1).thenApply(x -> {
            throw TaskSignal.cancel("superseded");
        });

        node.work();

        assertThat(bench.status(id)).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test
    void failsForGoodOnAnExceptionToDiscardOn() {
        String discarded = bench.enqueue("picky");
        throwing(new NumberFormatException("a subclass"));
        node.work();

        String retried = bench.enqueue("picky");
        throwing(new IllegalStateException("another"));
        node.work();

        assertThat(bench.status(discarded)).isEqualTo(TaskStatus.FAILED);
        assertThat(bench.status(retried)).isEqualTo(TaskStatus.PENDING);
    }

    @Test
    void discardsBeforeTheRetryPolicyOfTheEnqueueIsAsked() {
        String id = bench.enqueue("picky", TaskOptions.none().retry(RetryPolicy.fixed(Duration.ZERO)));
        throwing(new IllegalArgumentException());

        node.work();

        assertThat(bench.status(id)).isEqualTo(TaskStatus.FAILED);
    }

    @Test
    void waitsAsTheDefaultPolicySays() {
        String id = bench.enqueue("plain");
        throwing(new IllegalStateException());

        for (int failures = 1; failures <= 5; failures++) {
            node.work();
            Duration least = Duration.ofMillis(800L << (failures - 1));
            assertThat(bench.failures(id)).isEqualTo(failures);
            node.pass(least.minusMillis(1));
            assertThat(node.claim()).isZero();
            node.pass(least.dividedBy(2).plusMillis(1));
        }
    }

    @Test
    void waitsAsTheEnqueueSays() {
        String id = bench.enqueue("plain", TaskOptions.none().retry(RetryPolicy.fixed(Duration.ofSeconds(30))));
        throwing(new IllegalStateException());

        node.work();
        node.pass(Duration.ofSeconds(30).minusMillis(1));
        assertThat(node.claim()).isZero();
        node.pass(Duration.ofMillis(1));
        node.work();

        assertThat(bench.failures(id)).isEqualTo(2);
    }

    @Test
    void waitsAsAPolicyOfOnesOwnSays() {
        String id = bench.enqueue("own");
        throwing(new IllegalStateException());
        node.work();
        node.pass(Duration.ofMinutes(1).minusMillis(1));
        assertThat(node.claim()).isZero();

        node.pass(Duration.ofMillis(1));
        throwing(new ArithmeticException("hopeless"));
        node.work();

        assertThat(bench.result(id).error()).isEqualTo("hopeless");
        assertThat(bench.result(id).attempt()).isEqualTo(2);
    }

    @Test
    void countsTheFailureWhenThePolicyOfOnesOwnIsBroken() {
        String id = bench.enqueue("faulty");
        throwing(new IllegalStateException("the task's fault"));

        node.work();
        assertThat(bench.failures(id)).isOne();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.PENDING);

        node.pass(Duration.ofSeconds(2));
        node.work();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.FAILED);
        assertThat(bench.result(id).error()).isEqualTo("the task's fault");
    }

    @Test
    void keepsTheLastErrorsOfAWaitingTaskReadable() {
        String id = bench.enqueue("plain");
        throwing(new IllegalStateException("first fault"));

        node.work();

        String key = bench.store.keys("queues/").get(0);
        assertThat(new String(bench.store.get(key).orElseThrow().body(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("first fault")
                .contains(IllegalStateException.class.getName())
                .contains(id);
    }
}
