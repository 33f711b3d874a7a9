/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import io.omniq.CancellationToken;
import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskCancelledException;
import io.omniq.TaskContext;
import io.omniq.TaskHandle;
import io.omniq.storage.MemoryBackend;
import java.math.BigInteger;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** How does a running task notice that it should stop? */
public class CooperativeCancellation {
    private final CountDownLatch running = new CountDownLatch(1);

    @Task(value = "primes", timeout = "PT1M")
    public void primes() {
        CancellationToken cancellation = TaskContext.current().cancellation();
        cancellation.onCancel(() ->
                System.out.println("told to stop: " + cancellation.reason().orElseThrow()));
        BigInteger prime = BigInteger.ONE;
        while (true) { // there are enough of them
            cancellation.throwIfCancelled();
            prime = prime.nextProbablePrime();
            running.countDown();
        }
    }

    public static void main(String[] args) throws InterruptedException {
        CooperativeCancellation tasks = new CooperativeCancellation();
        try (OmniQ omniq =
                OmniQ.builder().backend(new MemoryBackend()).register(tasks).build()) {
            omniq.start();
            TaskHandle<Void> handle = omniq.enqueue(tasks::primes);
            tasks.running.await();

            System.out.println(handle.cancel("enough primes"));
            try {
                handle.await(Duration.ofSeconds(30));
            } catch (TaskCancelledException e) {
                System.out.println(handle.status());
            }
        }
    }
}
