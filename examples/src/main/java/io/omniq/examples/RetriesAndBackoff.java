/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import io.omniq.OmniQ;
import io.omniq.RetryPolicy;
import io.omniq.Task;
import io.omniq.TaskContext;
import io.omniq.TaskFailedException;
import io.omniq.TaskOptions;
import io.omniq.TaskSignal;
import io.omniq.storage.MemoryBackend;
import java.time.Duration;

/** What happens when a task fails, and how do I decide it? */
public class RetriesAndBackoff {
    private static final Duration SOON = Duration.ofSeconds(30);

    /** Waits 20 ms after the first failure, 40 ms after the second, and so on; fails for good after the fifth attempt. */
    @Task(value = "download", maxAttempts = 5, retryDelay = "PT0.02S")
    public String download(String name) {
        int attempt = TaskContext.current().attempt();
        if (attempt < 3) {
            throw new IllegalStateException("the server is busy");
        }
        return name + " after " + attempt + " attempts";
    }

    @Task("pay")
    public void pay(String customer) {
        throw TaskSignal.discard("no such customer"); // another attempt would not help
    }

    @Task("poll")
    public String poll() {
        if (TaskContext.current().attempt() == 1) {
            throw TaskSignal.snooze(Duration.ofMillis(50)); // not a failure: not yet
        }
        return "ready";
    }

    public static void main(String[] args) {
        RetriesAndBackoff tasks = new RetriesAndBackoff();
        try (OmniQ omniq =
                OmniQ.builder().backend(new MemoryBackend()).register(tasks).build()) {
            omniq.start();
            TaskOptions hasty = TaskOptions.none().retry(RetryPolicy.fixed(Duration.ofMillis(5)));
            System.out.println(omniq.enqueue(tasks::download, "a.png").await(SOON));
            System.out.println(omniq.enqueue(tasks::download, "b.png", hasty).await(SOON));
            System.out.println(omniq.enqueue(tasks::poll).await(SOON));
            try {
                omniq.enqueue(tasks::pay, "c-42").await(SOON);
            } catch (TaskFailedException e) {
                System.out.println("failed for good: " + e.errorMessage());
            }
        }
    }
}
