/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import java.util.SplittableRandom;

/** How often what goes wrong in one run; drawn from its seed, so that some runs are calm and some are not. */
final class Faults {
    final double errorBefore;
    final double lostAnswer;
    final double lateLanding;
    final double duplicate;
    final double slow;
    final double staleQueue;
    final double missedLine;
    final double readError;
    final double crash;
    final double stall;
    final boolean attributes;
    boolean on = true;

    Faults(SplittableRandom random) {
        errorBefore = some(random, 0.10);
        lostAnswer = some(random, 0.10);
        lateLanding = some(random, 0.06);
        duplicate = some(random, 0.06);
        slow = some(random, 0.05);
        staleQueue = some(random, 0.3);
        missedLine = some(random, 0.3);
        readError = some(random, 0.08);
        crash = some(random, 0.01);
        stall = some(random, 0.006);
        attributes = random.nextBoolean();
    }

    private static double some(SplittableRandom random, double most) {
        return random.nextInt(3) == 0 ? random.nextDouble() * most : 0;
    }
}
