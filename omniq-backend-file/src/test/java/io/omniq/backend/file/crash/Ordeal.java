/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import java.io.IOException;
import java.time.Duration;

/** What the processes have to go through. */
interface Ordeal {
    /** One step of it, which takes a while. */
    void step(Cast cast) throws IOException, InterruptedException;

    /** Makes it possible for everything to come to its end. */
    default void end() throws IOException, InterruptedException {}

    /** A pause of random length. */
    static void pause(Cast cast, int leastMillis, int mostMillis) {
        Micros.pause(Duration.ofMillis(cast.random().nextInt(leastMillis, mostMillis)));
    }
}
