/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.config.WorkerConfig;
import io.omniq.model.TaskStatus;
import io.omniq.storage.CancelOutcome;
import io.omniq.storage.MemoryBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many callers enqueue at the same time: whatever goes together, each handle is that of its own task. */
@Timeout(120)
class ConcurrentEnqueueTest {
    private static final int CALLERS = 16;
    private static final int EACH = 100;
    private static final Duration SOON = Duration.ofSeconds(60);

    /** Tasks. */
    public static class Tasks {
        final Map<String, Integer> runs = new ConcurrentHashMap<>();

        @Task("count.up")
        public int next(int number) {
            runs.merge(TaskContext.current().taskId(), 1, Integer::sum);
            return number + 1;
        }
    }

    private final Tasks tasks = new Tasks();
    private final MemoryBackend backend = new MemoryBackend();
    private final OmniQ omniq = OmniQ.builder()
            .backend(backend)
            .leaveBackendsOpen()
            .register(tasks)
            .worker(WorkerConfig.builder().slots(4).build())
            .build();
    private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);

    @AfterEach
    void close() {
        threads.shutdownNow();
        omniq.close();
        backend.close();
    }

    private List<TaskHandle<Integer>> enqueueAtOnce() throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<List<TaskHandle<Integer>>>> callers = new ArrayList<>();
        for (int n = 0; n < CALLERS; n++) {
            int from = n * EACH;
            callers.add(threads.submit(() -> {
                start.await();
                return IntStream.range(from, from + EACH)
                        .mapToObj(i -> omniq.enqueue(tasks::next, i))
                        .toList();
            }));
        }
        start.countDown();
        List<TaskHandle<Integer>> handles = new ArrayList<>();
        for (Future<List<TaskHandle<Integer>>> caller : callers) {
            handles.addAll(caller.get());
        }
        return handles;
    }

    @Test
    void eachTaskRunsOnceAndEachHandleHasItsOwnValue() throws Exception {
        omniq.start();

        List<TaskHandle<Integer>> handles = enqueueAtOnce();

        for (int i = 0; i < handles.size(); i++) {
            assertThat(handles.get(i).await(SOON)).isEqualTo(i + 1);
            assertThat(handles.get(i).status()).isEqualTo(TaskStatus.COMPLETED);
        }
        assertThat(tasks.runs)
                .hasSize(CALLERS * EACH)
                .allSatisfy((id, runs) -> assertThat(runs).isEqualTo(1));
        assertThat(handles).extracting(TaskHandle::id).containsExactlyInAnyOrderElementsOf(tasks.runs.keySet());
    }

    @Test
    void asynchronousCallersHaveTheirOwnToo() throws Exception {
        omniq.start();

        List<CompletableFuture<TaskHandle<Integer>>> handles = IntStream.range(0, CALLERS * EACH)
                .mapToObj(i -> omniq.async().enqueue(tasks::next, i))
                .toList();

        for (int i = 0; i < handles.size(); i++) {
            assertThat(handles.get(i).get().await(SOON)).isEqualTo(i + 1);
        }
        assertThat(tasks.runs).hasSize(CALLERS * EACH);
    }

    @Test
    void eachCanBeCancelledAlone() throws Exception {
        List<TaskHandle<Integer>> handles = enqueueAtOnce();

        List<TaskHandle<Integer>> cancelled = IntStream.range(0, handles.size())
                .filter(i -> i % 3 == 0)
                .mapToObj(handles::get)
                .toList();
        assertThat(cancelled).allMatch(handle -> handle.cancel("not needed") == CancelOutcome.CANCELLED);
        omniq.start();

        for (int i = 0; i < handles.size(); i++) {
            TaskHandle<Integer> handle = handles.get(i);
            if (i % 3 == 0) {
                assertThatThrownBy(() -> handle.await(SOON)).isInstanceOf(TaskCancelledException.class);
            } else {
                assertThat(handle.await(SOON)).isEqualTo(i + 1);
            }
        }
        assertThat(tasks.runs).hasSize(handles.size() - cancelled.size());
    }
}
