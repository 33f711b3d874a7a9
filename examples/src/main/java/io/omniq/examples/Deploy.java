/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskHandle;
import io.omniq.config.WorkerConfig;
import io.omniq.storage.MemoryBackend;
import io.omniq.storage.TaskStorage;
import java.time.Duration;

/** How do I hold a queue while I change something, and let one task through? */
public class Deploy {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Task(value = "print", queue = "print")
    public String print(String document) {
        return document + " printed";
    }

    public static void main(String[] args) {
        Deploy tasks = new Deploy();
        WorkerConfig both = WorkerConfig.builder().queues("urgent", "print").build();
        try (OmniQ omniq = OmniQ.builder()
                .backend(new MemoryBackend())
                .register(tasks)
                .worker(both)
                .build()) {
            TaskStorage storage = omniq.taskStorage();
            storage.pauseQueue("print", "a new printer"); // for all processes, until somebody resumes it
            omniq.start();
            TaskHandle<String> letter = omniq.enqueue(tasks::print, "letter");
            TaskHandle<String> offer = omniq.enqueue(tasks::print, "offer");
            System.out.println("waiting: " + storage.queueSize("print"));

            System.out.println(storage.move(offer.id(), "urgent"));
            System.out.println(offer.await(SOON));
            storage.pausedQueues()
                    .forEach(paused -> System.out.println("still paused: " + paused.queue() + ", " + paused.reason()));

            storage.resumeQueue("print");
            System.out.println(letter.await(SOON));
        }
    }
}
