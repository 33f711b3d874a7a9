/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskHandle;
import io.omniq.backend.file.FileBackend;
import io.omniq.storage.MemoryBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** How do I keep tasks, results and events in different places? */
public class MixedBackends {
    @Task("add")
    public int add(int a, int b) {
        return a + b;
    }

    public static void main(String[] args) {
        MixedBackends tasks = new MixedBackends();
        Path work = Path.of("omniq-data", "mixed", "tasks");
        Path outcomes = Path.of("omniq-data", "mixed", "results");
        String record;
        try (OmniQ omniq = OmniQ.builder()
                .backend(FileBackend.at(work))
                .resultBackend(FileBackend.at(outcomes))
                .eventBackend(new MemoryBackend()) // nobody reads them
                .register(tasks)
                .build()) {
            omniq.start();
            TaskHandle<Integer> handle = omniq.enqueue(tasks::add, 20, 22);
            System.out.println(handle.await(Duration.ofSeconds(30)));
            record = handle.id() + ".json";
        }
        // Files follow the journal within two seconds, and are there when it is closed.
        System.out.println("task kept: " + Files.exists(work.resolve("tasks").resolve(record)));
        System.out.println(
                "result kept: " + Files.exists(outcomes.resolve("results").resolve(record)));
    }
}
