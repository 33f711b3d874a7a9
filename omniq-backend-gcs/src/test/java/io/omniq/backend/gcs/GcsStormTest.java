/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskContext;
import io.omniq.TaskOptions;
import io.omniq.gcs.emulator.GcsEmulator;
import io.omniq.gcs.emulator.GcsFault;
import io.omniq.model.TaskStatus;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Producers and workers on one bucket while answers get lost, refused and late: nothing is lost, nothing ends twice, and no
 * attempt is begun twice.
 */
@Tag("long")
class GcsStormTest {
    private static final int PRODUCERS = 3;
    private static final Duration SOON = Duration.ofSeconds(90);

    /** The work. Every third task fails at its first attempt. */
    public static class Work {
        final Set<String> attempts = ConcurrentHashMap.newKeySet();
        final Set<String> startedTwice = ConcurrentHashMap.newKeySet();

        @Task(value = "storm.work", maxAttempts = 50, retryDelay = "PT0.05S")
        public String work(String text, int number) {
            TaskContext context = TaskContext.current();
            String attempt = context.taskId() + "#" + context.attempt();
            if (!attempts.add(attempt)) {
                startedTwice.add(attempt);
            }
            if (number % 3 == 0 && context.attempt() == 1) {
                throw new IllegalStateException("on purpose");
            }
            return text + "!";
        }
    }

    private final Work work = new Work();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Map<String, String> firstSeen = new HashMap<>();

    private static Map<GcsFault, Double> storm() {
        return Map.of(
                GcsFault.lostAnswer(), 0.03,
                GcsFault.errorAfter(503), 0.03,
                GcsFault.lostRequest(), 0.02,
                GcsFault.errorBefore(503), 0.05,
                GcsFault.errorBefore(429), 0.03,
                GcsFault.cut(10), 0.01,
                GcsFault.truncate(10), 0.01,
                GcsFault.delay(Duration.ofMillis(100)), 0.03,
                GcsFault.delayAnswer(Duration.ofMillis(100)), 0.03);
    }

    private GcsBackend backend(GcsEmulator emulator) {
        return GcsBackend.builder("b").endpoint(emulator.endpoint()).build();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyAcknowledgedTaskEndsOnce(long seed) {
        try (GcsEmulator emulator =
                GcsEmulator.builder().bucket("b").limitMutations().start()) {
            List<GcsBackend> backends = List.of(backend(emulator), backend(emulator), backend(emulator));
            List<OmniQ> all = backends.stream()
                    .map(backend ->
                            OmniQ.builder().backend(backend).register(work).build())
                    .toList();
            all.get(0).start();
            all.get(1).start();
            emulator.faults().roll(seed, storm());
            List<CompletableFuture<Void>> producers = new ArrayList<>();
            for (int p = 0; p < PRODUCERS; p++) {
                String name = "p" + p;
                producers.add(CompletableFuture.runAsync(() -> produce(all.get(2), name)));
            }
            producers.forEach(CompletableFuture::join);
            try (GcsBackend view = backend(emulator)) {
                await().atMost(SOON)
                        .pollInterval(Duration.ofSeconds(1))
                        .untilAsserted(() -> assertThat(seen(view)).containsAll(acknowledged));
                emulator.faults().calm();
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(queued(view)).isEmpty());
                Map<String, String> before = Map.copyOf(firstSeen);
                firstSeen.clear();
                seen(view);
                assertThat(firstSeen).as("no result was ever replaced").containsAllEntriesOf(before);
                acknowledged.forEach(id -> assertThat(
                                view.taskStorage().getTask(id).orElseThrow().status())
                        .as(id)
                        .isEqualTo(TaskStatus.COMPLETED));
            }
            assertThat(work.startedTwice).as("attempts that two workers began").isEmpty();
            assertThat(acknowledged).hasSizeGreaterThan(PRODUCERS * 10);
            assertThat(emulator.faults().injected()).hasSizeGreaterThan(5);
            all.forEach(OmniQ::close);
            backends.forEach(GcsBackend::close);
        }
    }

    /** Entries of tasks that were acknowledged; an enqueue that was refused may leave one for the grace. */
    private List<String> queued(GcsBackend view) {
        return view.store().list(ListRequest.of("queues/")).objects().stream()
                .map(ListedObject::key)
                .filter(key -> acknowledged.stream().anyMatch(id -> key.endsWith("-" + id + ".json")))
                .toList();
    }

    /** Results by the version they had first; while the storm goes on a look may fail. */
    private Set<String> seen(GcsBackend view) {
        try {
            String after = null;
            boolean more = true;
            while (more) {
                var page = view.store().list(ListRequest.of("results/").after(after));
                for (var line : page.objects()) {
                    String id =
                            line.key().substring("results/".length(), line.key().length() - ".json".length());
                    firstSeen.putIfAbsent(id, line.version().token());
                    after = line.key();
                }
                more = page.more();
            }
        } catch (StorageException e) {
            assertThat(e.retryable()).as(e.toString()).isTrue();
        }
        return firstSeen.keySet();
    }

    private void produce(OmniQ omniq, String name) {
        for (int i = 0; i < 20; i++) {
            // Each with a result object of its own, which is looked at above.
            TaskOptions options = i % 2 == 0
                    ? TaskOptions.withId(name + "-" + i)
                    : TaskOptions.none().batchSize(1);
            try {
                acknowledged.add(omniq.enqueue(work::work, name, i, options).id());
            } catch (StorageException e) {
                assertThat(e.retryable()).as(e.toString()).isTrue();
            }
        }
    }
}
