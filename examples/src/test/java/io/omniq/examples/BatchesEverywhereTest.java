/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskContext;
import io.omniq.TaskHandle;
import io.omniq.TaskOptions;
import io.omniq.backend.file.FileBackend;
import io.omniq.backend.gcs.GcsBackend;
import io.omniq.config.WorkerConfig;
import io.omniq.gcs.emulator.GcsEmulator;
import io.omniq.model.TaskStatus;
import io.omniq.storage.Backend;
import io.omniq.storage.MemoryBackend;
import io.omniq.storage.TaskQuery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that were enqueued together, in every backend and across two of them. */
@Timeout(120)
class BatchesEverywhereTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int COUNT = 60;

    @TempDir
    Path directory;

    /** Tasks. */
    public static final class Work {
        @Task(value = "double", retryDelay = "PT0.01S")
        public int twice(int number) {
            if (number == 7 && TaskContext.current().attempt() == 1) {
                throw new IllegalStateException("once");
            }
            return 2 * number;
        }
    }

    private static void endToEnd(Backend tasks, Backend results) {
        Work work = new Work();
        try (OmniQ omniq = OmniQ.builder()
                .backend(tasks)
                .resultBackend(results)
                .eventBackend(new MemoryBackend())
                .register(work)
                .worker(WorkerConfig.builder()
                        .pollInterval(Duration.ofMillis(200))
                        .build())
                .build()) {
            List<Integer> numbers = IntStream.range(0, COUNT).boxed().toList();
            List<TaskHandle<Integer>> handles =
                    omniq.enqueueAll(work::twice, numbers, TaskOptions.none().batchSize(20));
            handles.get(3).cancel("not wanted");
            omniq.start();

            for (int i = 0; i < COUNT; i++) {
                if (i != 3) {
                    assertThat(handles.get(i).await(SOON)).isEqualTo(2 * i);
                }
            }
            assertThat(handles.get(3).status()).isEqualTo(TaskStatus.CANCELLED);
            assertThat(omniq.taskStorage().listTasks(new TaskQuery(null, null, 2 * COUNT, 0)))
                    .hasSize(COUNT);
            assertThat(omniq.resultStorage().listResults(null, 2 * COUNT, 0)).hasSize(COUNT);
            assertThat(omniq.taskStorage().deleteTask(handles.get(5).id())).isTrue();
            assertThat(handles.get(5).outcome()).isEmpty();
        }
    }

    @Test
    void inMemory() {
        endToEnd(new MemoryBackend(), new MemoryBackend());
    }

    @Test
    void inADirectory() {
        try (Backend backend = FileBackend.at(directory)) {
            endToEnd(backend, backend);
        }
    }

    @Test
    void inABucket() {
        try (GcsEmulator emulator =
                        GcsEmulator.builder().bucket("b").limitMutations().start();
                GcsBackend backend =
                        GcsBackend.builder("b").endpoint(emulator.endpoint()).build()) {
            endToEnd(backend, backend);
        }
    }

    @Test
    void tasksInADirectoryAndResultsInABucket() {
        try (GcsEmulator emulator =
                        GcsEmulator.builder().bucket("b").limitMutations().start();
                GcsBackend bucket =
                        GcsBackend.builder("b").endpoint(emulator.endpoint()).build();
                Backend files = FileBackend.at(directory)) {
            endToEnd(files, bucket);
        }
    }

    @Test
    void tasksInABucketAndResultsInMemory() {
        try (GcsEmulator emulator =
                        GcsEmulator.builder().bucket("b").limitMutations().start();
                GcsBackend bucket =
                        GcsBackend.builder("b").endpoint(emulator.endpoint()).build()) {
            endToEnd(bucket, new MemoryBackend());
        }
    }
}
