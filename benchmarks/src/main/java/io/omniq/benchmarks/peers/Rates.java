/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.peers;

import io.omniq.benchmarks.Crew;
import io.omniq.benchmarks.Directories;
import io.omniq.benchmarks.Pauses;
import io.omniq.benchmarks.peers.PeerSystem.Sharing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/** How many tasks a second, in one process. Each measurement has a new store. */
final class Rates {
    private static final int CHUNK = 1000;
    private static final int MOST = 50_000;
    private static final Duration FIRST_START = Duration.ofSeconds(30);

    private final Directories directories;
    private final Effort effort;

    Rates(Directories directories, Effort effort) {
        this.directories = directories;
        this.effort = effort;
    }

    /** One by one, each acknowledged before that thread's next. */
    double enqueue(PeerSystem system, int threads) {
        return onNewStore(system, number -> {}, peer -> {
            LongAdder count = new LongAdder();
            long from = System.nanoTime();
            long end = from + effort.enqueue().toNanos();
            Crew.run(threads, member -> {
                for (long number = member; System.nanoTime() < end; number += threads) {
                    peer.enqueue(number);
                    count.increment();
                }
            });
            return rate(count.sum(), System.nanoTime() - from);
        });
    }

    /** A thousand in a call, by whatever the system offers for many at once. */
    double bulk(PeerSystem system) {
        return onNewStore(system, number -> {}, peer -> {
            long from = System.nanoTime();
            long count = fill(peer, from + effort.enqueue().toNanos(), Integer.MAX_VALUE);
            return rate(count, System.nanoTime() - from);
        });
    }

    private static long fill(Peer peer, long end, long most) {
        long count = 0;
        while (count < most && (count == 0 || System.nanoTime() < end)) {
            peer.enqueueMany(count, CHUNK);
            count += CHUNK;
        }
        return count;
    }

    /** From the start of the first task until the last outcome is recorded, or until time is up. */
    double drain(PeerSystem system) {
        Drained drained = new Drained();
        return onNewStore(system, drained, peer -> {
            long waiting = fill(peer, System.nanoTime() + effort.enqueue().toNanos(), MOST);
            peer.start();
            if (!Pauses.await(() -> drained.count.get() > 0, FIRST_START)) {
                throw new IllegalStateException("nothing was started: system=" + system.id());
            }
            return drained.rate(peer, waiting, drained.first + effort.drain().toNanos());
        });
    }

    private static final class Drained implements Handler {
        final AtomicLong count = new AtomicLong();
        volatile long first;

        @Override
        public void run(long number) {
            if (count.get() == 0) {
                first = System.nanoTime(); // several may: microseconds apart
            }
            count.incrementAndGet();
        }

        double rate(Peer peer, long waiting, long end) {
            while (System.nanoTime() < end) {
                long now = System.nanoTime();
                long handled = count.get();
                if (handled >= waiting && peer.isRecorded(waiting)) {
                    return Rates.rate(handled, now - first);
                }
                Pauses.pause(Duration.ofMillis(handled >= waiting ? 1 : 5));
            }
            return Rates.rate(count.get(), System.nanoTime() - first);
        }
    }

    private double onNewStore(PeerSystem system, Handler handler, ToDoubleFunction<Peer> measurement) {
        Path directory = directories.fresh();
        try (Peer peer = system.open(directory, Sharing.ALONE, handler)) {
            return measurement.applyAsDouble(peer);
        } finally {
            Directories.remove(directory);
        }
    }

    private static double rate(long count, long nanos) {
        return count * 1e9 / nanos;
    }
}
