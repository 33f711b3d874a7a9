/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import java.io.IOException;
import java.time.Duration;

/** SIGKILL at random moments, and now and then SIGSTOP for longer than a lease. */
final class KillOrdeal implements Ordeal {
    private static final Duration ZOMBIE = Duration.ofMillis(4500);

    @Override
    public void step(Cast cast) throws IOException, InterruptedException {
        Ordeal.pause(cast, 300, 1800);
        if (cast.random().nextInt(4) == 0) {
            cast.stopOneFor(ZOMBIE);
        } else {
            cast.killOne();
        }
    }
}
