/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** What one run is about: who takes part, and for how long. Drawn from its seed; each run has only some of it. */
final class Plan {
    /** Longer than any call of a client that lives, as the times to live have to be. */
    private static final Duration SHORT_TTL = Duration.ofSeconds(70);

    static final String QUEUE = "default";

    private static final Duration LONG_TTL = Duration.ofDays(1);

    final int producers;
    final int workers;
    final int sweepers;
    final int deleters;
    final int damages;
    final boolean cancelStorm;
    final boolean poison;
    /** All polls happen at the same moments. */
    final boolean lockstep;

    final Duration resultTtl;
    /** How long everything is off after the first storm; zero for not at all. */
    final Duration blackout;

    final int followers;
    /** Producers of unique tasks, several at once. */
    final int rivals;

    final int movers;
    final int pausers;
    final int redrivers;

    /** The parts that came later are drawn apart, so that a seed without them is the run it always was. */
    Plan(SplittableRandom random, long seed) {
        producers = 1 + random.nextInt(2);
        workers = 1 + random.nextInt(3);
        sweepers = some(random, 5, 3);
        int deletersDrawn = some(random, 4, 2);
        int damagesDrawn = some(random, 5, 4);
        cancelStorm = random.nextInt(5) == 0;
        poison = random.nextInt(6) == 0;
        lockstep = random.nextInt(5) == 0;
        boolean forgetsSoon = random.nextInt(4) == 0;
        int blackoutKind = random.nextInt(6);
        SplittableRandom later = new SplittableRandom(~seed);
        followers = some(later, 4, 2);
        rivals = later.nextInt(4) == 0 ? 2 + later.nextInt(2) : 0;
        movers = some(later, 4, 2);
        pausers = some(later, 5, 1);
        redrivers = some(later, 5, 2);
        boolean tied = followers + rivals + movers + redrivers > 0;
        resultTtl = forgetsSoon && !tied ? SHORT_TTL : LONG_TTL;
        blackout = blackout(blackoutKind);
        // Known limits, see docs/design/simulator.md: damage to ties between tasks, and remains of a life that moved,
        // are not excused yet.
        damages = tied ? 0 : damagesDrawn;
        deleters = rivals + movers > 0 ? 0 : deletersDrawn;
    }

    /** The plan of a seed. */
    static Plan of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        new Faults(random);
        return new Plan(random, seed);
    }

    /** The queues that are used. */
    List<String> queues() {
        return movers > 0 ? List.of(QUEUE, Movers.OTHER, Movers.THIRD) : List.of(QUEUE);
    }

    /** Whether everything is off for longer than results are kept. */
    boolean outlastsResults() {
        return blackout.compareTo(resultTtl) >= 0;
    }

    private Duration blackout(int kind) {
        return switch (kind) {
            case 0 -> SHORT_TTL;
            case 1 -> Duration.ofSeconds(330); // longer than the grace for orphans
            case 2, 3 -> resultTtl.equals(SHORT_TTL) ? SHORT_TTL : Duration.ZERO;
            default -> Duration.ZERO;
        };
    }

    private static int some(SplittableRandom random, int oneOf, int most) {
        return random.nextInt(oneOf) == 0 ? 1 + random.nextInt(most) : 0;
    }
}
