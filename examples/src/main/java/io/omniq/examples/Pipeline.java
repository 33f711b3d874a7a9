/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskContext;
import io.omniq.TaskHandle;
import io.omniq.TaskOptions;
import io.omniq.storage.MemoryBackend;
import io.omniq.storage.ResultStorage;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** How do I run a task after others, and one more at its end? */
public class Pipeline {
    private final CountDownLatch announced = new CountDownLatch(1);
    private final ResultStorage results;

    Pipeline(ResultStorage results) {
        this.results = results;
    }

    @Task("count")
    public int count(String text) {
        return text.split(" ").length;
    }

    @Task("sum")
    public int sum() {
        return TaskContext.current().task().dependencies().stream()
                .mapToInt(id -> results.get(id).orElseThrow().result().asInt())
                .sum();
    }

    @Task("announce")
    public void announce(String what) {
        System.out.println(what);
        announced.countDown();
    }

    public static void main(String[] args) throws InterruptedException {
        MemoryBackend backend = new MemoryBackend();
        Pipeline tasks = new Pipeline(backend.resultStorage());
        try (OmniQ omniq = OmniQ.builder().backend(backend).register(tasks).build()) {
            omniq.start();
            String first = omniq.enqueue(tasks::count, "to be or").id();
            String second = omniq.enqueue(tasks::count, "not to be").id();
            TaskOptions last = TaskOptions.none().after(first, second).onSuccess(omniq.newTask("announce", "counted"));
            TaskHandle<Integer> sum = omniq.enqueue(tasks::sum, last);
            tasks.announced.await();
            System.out.println("words: " + sum.await(Duration.ofSeconds(30)));
        }
    }
}
