/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskContext;
import io.omniq.storage.MemoryBackend;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How do I keep an effect from happening twice, and a late attempt from spoiling a newer one? */
public class EffectsOnce {
    /** A table of yours with the task's id as primary key. */
    private final Map<String, String> payments = new ConcurrentHashMap<>();
    /** A table of yours with the newest attempt of each task. */
    private final Map<String, Integer> newest = new ConcurrentHashMap<>();

    @Task(value = "pay", retryDelay = "PT0.02S")
    public String pay(String customer) {
        TaskContext context = TaskContext.current();
        // insert into payment (task_id, customer) values (?, ?) on conflict do nothing
        boolean first = payments.putIfAbsent(context.taskId(), customer) == null;
        System.out.println(first ? "paid" : "was paid before");
        System.out.println("receipt: " + receipt(context.taskId(), context.attempt()));
        if (context.attempt() == 1) {
            throw new IllegalStateException("the process died after the payment");
        }
        return context.taskId();
    }

    /** Writes unless a newer attempt has written: {@code update receipt set attempt = ? where task_id = ? and attempt <= ?}. */
    boolean receipt(String taskId, int attempt) {
        return newest.merge(taskId, attempt, Math::max) == attempt;
    }

    public static void main(String[] args) {
        EffectsOnce tasks = new EffectsOnce();
        try (OmniQ omniq =
                OmniQ.builder().backend(new MemoryBackend()).register(tasks).build()) {
            omniq.start();
            String id = omniq.enqueue(tasks::pay, "c-42").await(Duration.ofSeconds(30));
            System.out.println("receipt of a late first attempt: " + tasks.receipt(id, 1));
            System.out.println("payments: " + tasks.payments.size());
        }
    }
}
