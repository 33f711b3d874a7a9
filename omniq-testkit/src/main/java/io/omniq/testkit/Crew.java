/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;

/** Threads that start together and are waited for, but never for ever. */
final class Crew {
    /** How long a test with threads may take before it counts as hung; generous, since a healthy one ends by itself. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What one thread of a crew does; its number is between 0 and the size of the crew. */
    interface Member<T> {
        T run(int number) throws Exception;
    }

    private Crew() {}

    /** Runs the same work in several threads and returns what each of them returned. */
    static <T> List<T> run(int size, Member<T> member) throws Exception {
        List<Callable<T>> members = new ArrayList<>(size);
        for (int number = 0; number < size; number++) {
            int own = number;
            members.add(() -> member.run(own));
        }
        return run(members);
    }

    /** Runs each piece of work in a thread of its own and returns what they returned, in order. */
    static <T> List<T> run(List<Callable<T>> members) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(members.size());
        try {
            List<Future<T>> running = new ArrayList<>(members.size());
            for (Callable<T> member : members) {
                running.add(threads.submit(() -> {
                    start.await();
                    return member.call();
                }));
            }
            start.countDown();
            threads.shutdown();
            if (!threads.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                Assertions.fail("threads still run after %s", PATIENCE);
            }
            return results(running);
        } finally {
            threads.shutdownNow();
        }
    }

    private static <T> List<T> results(List<Future<T>> finished) throws Exception {
        List<T> results = new ArrayList<>(finished.size());
        AssertionError failure = null;
        for (Future<T> future : finished) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                if (failure == null) {
                    failure = new AssertionError("a thread of the crew failed: " + e.getCause(), e.getCause());
                } else {
                    failure.addSuppressed(e.getCause());
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }
}
