/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RaceTest {
    private static final int THREADS = 8;
    private final GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
    private final Wire wire = new Wire(emulator);
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void close() {
        threads.shutdownNow();
        emulator.close();
    }

    private List<Integer> race(Callable<Integer> call) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Future<Integer>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            running.add(threads.submit(() -> {
                start.await();
                return call.call();
            }));
        }
        List<Integer> results = new ArrayList<>();
        for (Future<Integer> result : running) {
            results.add(result.get());
        }
        return results;
    }

    @Test
    void oneOfManyCreatorsWins() throws Exception {
        for (int round = 0; round < 20; round++) {
            String name = "a" + round;
            assertThat(race(() -> wire.insert(name, "x", "ifGenerationMatch=0").status()))
                    .containsOnlyOnce(200)
                    .contains(412);
        }
    }

    @Test
    void oneOfManyDeletersWins() throws Exception {
        for (int round = 0; round < 20; round++) {
            long generation = wire.insert("a", "x").generation();
            assertThat(race(() ->
                            wire.delete("a", "ifGenerationMatch=" + generation).status()))
                    .containsOnlyOnce(204)
                    .contains(404);
        }
    }

    @Test
    void aCounterLosesNoIncrement() throws Exception {
        wire.insert("n", "0");
        race(() -> {
            for (int i = 0; i < 10; i++) {
                increment();
            }
            return 0;
        });

        assertThat(wire.download("n").text()).isEqualTo(Integer.toString(10 * THREADS));
    }

    private void increment() throws IOException {
        int status;
        do {
            Wire.Got got = wire.download("n");
            int next = Integer.parseInt(got.text()) + 1;
            status = wire.insert("n", Integer.toString(next), "ifGenerationMatch=" + got.header("x-goog-generation"))
                    .status();
        } while (status == 412);
        assertThat(status).isEqualTo(200);
    }

    @Test
    void aPatchCounterLosesNoIncrement() throws Exception {
        wire.insert("n", "");
        race(() -> {
            for (int i = 0; i < 10; i++) {
                patchedIncrement();
            }
            return 0;
        });

        assertThat(wire.show("n").json().path("metageneration").asInt()).isEqualTo(1 + 10 * THREADS);
        assertThat(wire.show("n").json().at("/metadata/n").asInt()).isEqualTo(10 * THREADS);
    }

    private void patchedIncrement() throws IOException {
        int status;
        do {
            Wire.Got got = wire.show("n");
            int next = got.json().at("/metadata/n").asInt(0) + 1;
            String condition =
                    "ifMetagenerationMatch=" + got.json().path("metageneration").asText();
            status = wire.patch("n", "{\"metadata\":{\"n\":\"" + next + "\"}}", condition)
                    .status();
        } while (status == 412);
        assertThat(status).isEqualTo(200);
    }
}
