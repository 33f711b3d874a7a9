/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskHandle;
import io.omniq.TaskOptions;
import io.omniq.config.WorkerConfig;
import io.omniq.storage.MemoryBackend;
import java.time.Duration;
import java.util.List;

/** How do I say when a task runs, and what runs first? */
public class DelaysAndPriorities {
    @Task(value = "print", priority = 5)
    public void print(String line) {
        System.out.println(line);
    }

    public static void main(String[] args) {
        DelaysAndPriorities tasks = new DelaysAndPriorities();
        WorkerConfig oneAtATime = WorkerConfig.builder().slots(1).build();
        try (OmniQ omniq = OmniQ.builder()
                .backend(new MemoryBackend())
                .register(tasks)
                .worker(oneAtATime)
                .build()) {
            List<TaskHandle<Void>> handles = List.of(
                    omniq.enqueue(tasks::print, "4. delayed", TaskOptions.delayed(Duration.ofMillis(300))),
                    omniq.enqueue(
                            tasks::print, "3. low priority", TaskOptions.none().priority(-10)),
                    omniq.enqueue(tasks::print, "2. the priority of the annotation"),
                    omniq.enqueue(
                            tasks::print, "1. high priority", TaskOptions.none().priority(100)));

            omniq.start(); // now they are all there, so their order can be seen
            handles.forEach(handle -> handle.await(Duration.ofSeconds(30)));
        }
    }
}
