/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import java.io.IOException;

/** One worker after the other is restarted, without an end. Half of them give their tasks less time than these take. */
final class RollingOrdeal implements Ordeal {
    private int next;

    @Override
    public void step(Cast cast) throws IOException, InterruptedException {
        Ordeal.pause(cast, 100, 600);
        cast.restart(next % Cast.WORKERS);
        next++;
    }
}
