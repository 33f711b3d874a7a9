/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskContext;
import io.omniq.model.EventType;
import io.omniq.model.TaskEvent;
import io.omniq.storage.Backend;
import io.omniq.storage.EventQuery;
import io.omniq.storage.MemoryBackend;
import java.time.Duration;

/** How do I find out what happened to a task? */
public class Events {
    @Task(value = "import", retryDelay = "PT0.01S")
    public void importFile(String name) {
        if (TaskContext.current().attempt() == 1) {
            throw new IllegalStateException("locked: " + name);
        }
    }

    public static void main(String[] args) {
        Events tasks = new Events();
        try (Backend backend = new MemoryBackend()) {
            String id;
            try (OmniQ omniq = OmniQ.builder()
                    .backend(backend)
                    .leaveBackendsOpen()
                    .register(tasks)
                    .build()) {
                id = omniq.enqueue(tasks::importFile, "prices.csv").id();
                omniq.start();
                omniq.handle(id, Void.class).await(Duration.ofSeconds(30));
            } // events are stored within a second, and at the latest here

            for (TaskEvent event :
                    backend.eventStorage().getEvents(EventQuery.all().ofTask(id))) {
                System.out.println(event.eventType().wireName()
                        + (event.errorMessage() == null ? "" : " (" + event.errorMessage() + ")"));
            }
            EventQuery failures = EventQuery.all().ofType(EventType.FAILED);
            System.out.println("failed for good: "
                    + backend.eventStorage().getEvents(failures).size());
        }
    }
}
