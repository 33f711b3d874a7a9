/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.internal.protocol.Tally;
import io.omniq.internal.util.Step;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Reports a worker that has stopped looking for work: its claim thread hangs or died, the store fails, or it cannot get a
 * lease. Such a worker is alive for everybody else, and its queues stand still unnoticed.
 */
final class PollWatch implements Step {
    private final LongSupplier rounds;
    private final LongSupplier nanos;
    private final Duration patience;
    private final Tally tally;
    private long seen = -1;
    private long seenNanos;
    private boolean reported;

    PollWatch(LongSupplier rounds, LongSupplier nanos, Duration patience, Tally tally) {
        this.rounds = rounds;
        this.nanos = nanos;
        this.patience = patience;
        this.tally = tally;
    }

    @Override
    public int step() {
        long now = nanos.getAsLong();
        long finished = rounds.getAsLong();
        if (finished != seen) {
            seen = finished;
            seenNanos = now;
            if (reported) {
                reported = false;
                tally.pollingAgain();
            }
            return 0;
        }
        Duration silent = Duration.ofNanos(now - seenNanos);
        if (reported || silent.compareTo(patience) < 0) {
            return 0;
        }
        reported = true;
        tally.pollingStopped(silent);
        return 1;
    }
}
