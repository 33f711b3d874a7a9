/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import java.util.Locale;

/**
 * A task that started again.
 *
 * @param run the run that came to nothing
 * @param since when its process was killed; for a run that was told to stop, when it ended
 * @param next the run after it
 */
record Recovery(Run run, long since, Run next) {
    double seconds() {
        return (next.started() - since) / 1e6;
    }

    /** Whether the next claim was the one that started: nobody was killed between claim and start in between. */
    boolean isDirect() {
        return next.attempt() == run.attempt() + 1;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "slowest recovery: seconds=%.2f run=%s pid=%d since=%d next=%s pid=%d",
                seconds(),
                run.name(),
                run.life().pid(),
                since,
                next.name(),
                next.life().pid());
    }
}
