/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskHandle;
import io.omniq.TaskOptions;
import io.omniq.Unique;
import io.omniq.storage.MemoryBackend;
import java.time.Duration;

/** How do I keep the same work from being enqueued twice? */
public class UniqueReports {
    @Task("render")
    public String render(String customer, String why) {
        return customer + " because " + why;
    }

    public static void main(String[] args) {
        UniqueReports tasks = new UniqueReports();
        // The first argument counts, the second does not; one at a time, and as many as you like after each other.
        Unique oneAtATime = Unique.byArguments(0).during(Unique.Scope.INCOMPLETE);
        TaskOptions options = TaskOptions.none().unique(oneAtATime);
        try (OmniQ omniq =
                OmniQ.builder().backend(new MemoryBackend()).register(tasks).build()) {
            TaskHandle<String> first = omniq.enqueue(tasks::render, "c-42", "a new month", options);
            TaskHandle<String> second = omniq.enqueue(tasks::render, "c-42", "a click", options);
            TaskHandle<String> other = omniq.enqueue(tasks::render, "c-43", "a click", options);
            System.out.println("created: " + first.created() + " " + second.created() + " " + other.created());
            System.out.println("the same task: " + first.id().equals(second.id()));

            omniq.start();
            System.out.println(second.await(Duration.ofSeconds(30)));
            System.out.println("created after the end: "
                    + omniq.enqueue(tasks::render, "c-42", "a click", options).created());
        }
    }
}
