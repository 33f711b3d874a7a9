/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskFailedException;
import io.omniq.TaskHandle;
import io.omniq.storage.DeadLetter;
import io.omniq.storage.Enqueued;
import io.omniq.storage.MemoryBackend;
import io.omniq.storage.TaskStorage;
import java.time.Duration;

/** How do I run a task again that failed for good? */
public class DeadLetterRedrive {
    private static final Duration SOON = Duration.ofSeconds(30);

    private volatile boolean open;

    @Task(value = "pay", maxAttempts = 1)
    public String pay(String customer) {
        if (!open) {
            throw new IllegalStateException("the bank is closed");
        }
        return customer + " paid";
    }

    public static void main(String[] args) {
        DeadLetterRedrive tasks = new DeadLetterRedrive();
        try (OmniQ omniq =
                OmniQ.builder().backend(new MemoryBackend()).register(tasks).build()) {
            omniq.start();
            TaskHandle<String> handle = omniq.enqueue(tasks::pay, "c-42");
            try {
                handle.await(SOON);
            } catch (TaskFailedException e) {
                System.out.println("failed for good: " + e.errorMessage());
            }
            TaskStorage storage = omniq.taskStorage();
            for (DeadLetter letter : storage.listDeadLetters(null, 100, 0)) {
                System.out.println(
                        "dead: " + letter.task().func() + letter.task().args());
            }

            tasks.open = true; // what was wrong is right again
            Enqueued again = storage.redrive(handle.id());
            System.out.println(omniq.handle(again.task().id(), String.class).await(SOON));
            System.out.println(
                    "dead letters: " + storage.listDeadLetters(null, 100, 0).size());
        }
    }
}
