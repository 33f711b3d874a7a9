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
    final int batchers;
    /** Processes whose callers enqueue at the same time. */
    final int crowds;

    /** Workers that enqueue tasks themselves, which are born claimed where a slot is idle. */
    final int homes;
    /** Whether some births take longer than the grace, so that repair is faster. */
    final boolean lateBirths;
    /** Whether the store notices that a process has ended, as a directory does. */
    final boolean watched;

    /**
     * The parts that came later are drawn apart, so that a seed without them is the run it always was. Known limits, see
     * docs/design/simulator.md: what damage, short times to live and deletions do to ties between tasks is not excused yet.
     */
    Plan(SplittableRandom random, long seed) {
        producers = 1 + random.nextInt(2);
        workers = 1 + random.nextInt(3);
        sweepers = some(random, 5, 3);
        deleters = some(random, 4, 2);
        damages = some(random, 5, 4);
        cancelStorm = random.nextInt(5) == 0;
        poison = random.nextInt(6) == 0;
        lockstep = random.nextInt(5) == 0;
        resultTtl = random.nextInt(4) == 0 ? SHORT_TTL : LONG_TTL;
        blackout = blackout(random.nextInt(6));
        SplittableRandom later = new SplittableRandom(~seed);
        boolean kept = damages == 0 && resultTtl.equals(LONG_TTL);
        boolean undisturbed = kept && deleters == 0;
        followers = some(later, 3, 2, kept);
        rivals = some(later, 3, 2, undisturbed) > 0 ? 2 + later.nextInt(2) : 0;
        movers = some(later, 3, 2, undisturbed);
        pausers = some(later, 5, 1, true);
        redrivers = some(later, 4, 2, kept);
        batchers = some(later, 3, 2, damages == 0);
        // Only beside batches, so that runs without these stay what they were; and not where tasks kill, which takes
        // long.
        crowds = some(later, 2, 2, batchers > 0 && !poison);
        homes = some(later, 4, 2, true);
        // Where results are kept for less, one comes back without its definition, and the run would have to outlast
        // another grace.
        lateBirths = homes > 0 && later.nextBoolean() && resultTtl.equals(LONG_TTL);
        watched = Math.floorMod(seed, 5) == 4; // none of the seeds that once failed, nor the rarest of the mutations
    }

    private static int some(SplittableRandom random, int oneOf, int most, boolean possible) {
        int drawn = some(random, oneOf, most);
        return possible ? drawn : 0;
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
