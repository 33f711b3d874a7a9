/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several threads that do the same. */
public final class Crew {
    private Crew() {}

    /** The work of one thread. */
    @FunctionalInterface
    public interface Work {
        /**
         * Does it.
         *
         * @param member which thread, from 0
         * @throws Exception whatever the work throws; it ends the benchmark
         */
        void run(int member) throws Exception;
    }

    /**
     * Runs them and waits for all.
     *
     * @param members how many threads
     * @param work what each does
     */
    public static void run(int members, Work work) {
        if (members == 0) {
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(members);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < members; i++) {
                int member = i;
                running.add(threads.submit(() -> {
                    work.run(member);
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a thread of the benchmark failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }
}
