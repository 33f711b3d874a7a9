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
    /** How often somebody else has just touched the entry that is to be written. */
    final double touch;
    /** How often the parts of a group happen in another order. */
    final double disorder;

    final boolean attributes;
    /** One write per second and key, at any time: no fault, but a property of the store. */
    final boolean throttled;

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
        touch = some(random, 0.4);
        disorder = some(random, 0.5);
        attributes = random.nextBoolean();
        throttled = random.nextInt(5) == 0;
    }

    private static double some(SplittableRandom random, double most) {
        return random.nextInt(3) == 0 ? random.nextDouble() * most : 0;
    }
}
