/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit.user;

import io.omniq.Task;
import io.omniq.TaskContext;
import io.omniq.TaskSignal;
import java.util.LinkedHashMap;
import java.util.Map;

// tag::code[]
/** The tasks under test. */
public class Invoices {
    /** What was sent, by the id of the task that sent it: the key under which a mail provider knows a repetition. */
    final Map<String, String> sent = new LinkedHashMap<>();

    /** How often the method was called. */
    int calls;

    /** Stands for the slow part. */
    Runnable download = () -> {};

    @Task(value = "invoices.send", queue = "mail", maxAttempts = 3, retryDelay = "PT10S", timeout = "PT2M")
    public String send(String order, int cents) {
        TaskContext context = TaskContext.current();
        calls++;
        if (cents < 0) {
            throw TaskSignal.discard("an invoice cannot be negative: order=" + order);
        }
        context.progress(1, 2, "rendered");
        download.run();
        context.cancellation().throwIfCancelled();
        sent.put(context.taskId(), order);
        context.progress(2, 2, "sent");
        return "invoice of " + order;
    }
}
// end::code[]
