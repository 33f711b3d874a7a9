/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the first seed says that breaks an invariant.
 *
 * @param tried how many seeds were begun
 * @param message of the first that broke one; {@code null} if none did
 */
record FirstFinding(long tried, @Nullable String message) {
    /** Runs seeds from 0 on all processors until one breaks an invariant, or all have been run. */
    static FirstFinding within(int seeds, LongConsumer run) {
        AtomicLong next = new AtomicLong();
        AtomicReference<@Nullable String> found = new AtomicReference<>();
        IntStream.range(0, Runtime.getRuntime().availableProcessors())
                .parallel()
                .forEach(thread -> {
                    for (long seed = next.getAndIncrement();
                            found.get() == null && seed < seeds;
                            seed = next.getAndIncrement()) {
                        try {
                            run.accept(seed);
                        } catch (AssertionError e) {
                            found.compareAndSet(null, e.getMessage());
                        }
                    }
                });
        return new FirstFinding(next.get(), found.get());
    }
}
