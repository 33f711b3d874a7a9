/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.model.NewTask;
import io.omniq.model.TaskStatus;
import io.omniq.storage.MemoryBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EnqueueAllTest {
    private static final Duration SOON = Duration.ofSeconds(50);

    /** Tasks. */
    public static final class Work {
        @Task("work.twice")
        public int twice(int number) {
            return 2 * number;
        }

        @Task("work.later")
        public CompletionStage<String> later(String text) {
            return CompletableFuture.completedFuture(text + "!");
        }

        @Task("work.silent")
        public void silent(String text) {}

        @Task(value = "work.long", batchSize = 1)
        public void takesLong(int number) {}

        @Task("work.add")
        public int add(int a, int b) {
            return a + b;
        }
    }

    private final Work work = new Work();
    private final OmniQ omniq =
            OmniQ.builder().backend(new MemoryBackend()).register(work).build();

    @AfterEach
    void close() {
        omniq.close();
    }

    private static boolean isShared(TaskHandle<?> handle) {
        return handle.id().contains(".");
    }

    @Test
    void oneTaskForEachArgument() {
        omniq.start();

        List<TaskHandle<Integer>> handles = omniq.enqueueAll(work::twice, List.of(1, 2, 3));

        assertThat(handles).allMatch(EnqueueAllTest::isShared).allMatch(TaskHandle::created);
        assertThat(handles.stream().map(handle -> handle.await(SOON))).containsExactly(2, 4, 6);
        assertThat(handles.stream().map(TaskHandle::status)).containsOnly(TaskStatus.COMPLETED);
    }

    @Test
    void hundredsOfTasks() {
        omniq.start();
        List<Integer> numbers = IntStream.range(0, 500).boxed().toList();

        List<TaskHandle<Integer>> handles =
                omniq.enqueueAll(work::twice, numbers, TaskOptions.none().batchSize(100));

        assertThat(handles.stream().map(handle -> handle.await(SOON)))
                .containsExactlyElementsOf(numbers.stream().map(n -> 2 * n).toList());
        assertThat(handles.stream()
                        .map(handle -> handle.id().replaceAll("\\..*", ""))
                        .distinct())
                .hasSize(5);
    }

    @Test
    void stagesProceduresAndTheirAsynchronousTwins() {
        omniq.start();

        assertThat(omniq.enqueueAll(work::later, List.of("a", "b")).get(1).await(SOON))
                .isEqualTo("b!");
        assertThat(omniq.enqueueAll(work::silent, List.of("a", "b")).get(0).await(SOON))
                .isNull();
        assertThat(omniq.async()
                        .enqueueAll(work::twice, List.of(4, 5))
                        .join()
                        .get(0)
                        .await(SOON))
                .isEqualTo(8);
        assertThat(omniq.async()
                        .enqueueAll(List.of(omniq.newTask("work.add", 1, 2), omniq.newTask("work.add", 3, 4)))
                        .join()
                        .get(1)
                        .await(SOON))
                .isEqualTo(7);
    }

    @Test
    void byNameWithAnyArguments() {
        omniq.start();

        List<TaskHandle<Object>> handles = omniq.enqueueAll(List.of(
                omniq.newTask("work.add", 1, 2),
                omniq.newTask("work.twice", 5),
                omniq.newTask("work.add", 3, 4),
                omniq.newTask("work.add", 5, 6, TaskOptions.withId("mine"))));

        assertThat(handles.stream().map(handle -> handle.await(SOON))).containsExactly(3, 10, 7, 11);
        assertThat(handles.stream().map(EnqueueAllTest::isShared)).containsExactly(true, false, true, false);
    }

    @Test
    void theAnnotationSaysHowManyShareABatchAndTheCallSaysOtherwise() {
        assertThat(omniq.enqueueAll(work::takesLong, List.of(1, 2))).noneMatch(EnqueueAllTest::isShared);
        assertThat(omniq.enqueueAll(
                        work::takesLong, List.of(1, 2), TaskOptions.none().batchSize(2)))
                .allMatch(EnqueueAllTest::isShared);
    }

    @Test
    void aMemberIsCancelledByItsHandle() {
        List<TaskHandle<Integer>> handles = omniq.enqueueAll(work::twice, List.of(1, 2));

        handles.get(0).cancel("no need");
        omniq.start();

        assertThatThrownBy(() -> handles.get(0).await(SOON)).isInstanceOf(TaskCancelledException.class);
        assertThat(handles.get(1).await(SOON)).isEqualTo(4);
    }

    @Test
    void nothingIsWrittenWhenAnArgumentDoesNotFit() {
        List<NewTask> tasks = new ArrayList<>(List.of(omniq.newTask("work.twice", 1)));

        assertThatThrownBy(() -> tasks.add(omniq.newTask("work.twice", "one")))
                .isInstanceOf(InvalidTaskException.class);
        assertThatThrownBy(() -> omniq.enqueueAll(List.of(tasks.get(0), NewTask.of("unknown"))))
                .isInstanceOf(InvalidTaskException.class);
        assertThat(omniq.taskStorage().queueSize("default")).isZero();
    }

    @Test
    void noTasksAreNoWrites() {
        assertThat(omniq.enqueueAll(List.of())).isEmpty();
    }

    @Test
    void batchSizesHaveBounds() {
        assertThatThrownBy(() -> TaskOptions.none().batchSize(0))
                .hasMessage("a batch has 1 to 1000 tasks: batchSize=0");
        assertThatThrownBy(() -> TaskOptions.none().batchSize(1001))
                .hasMessage("a batch has 1 to 1000 tasks: batchSize=1001");
    }
}
