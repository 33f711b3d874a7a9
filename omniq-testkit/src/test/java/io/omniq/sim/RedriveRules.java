/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import java.util.Optional;
import java.util.stream.IntStream;

/** The rules of second chances. */
final class RedriveRules {
    private static final int MOST = 50;

    private final Oracle oracle;
    private final Lives lives;

    RedriveRules(Oracle oracle, Lives lives) {
        this.oracle = oracle;
        this.lives = lives;
    }

    /** A redrive is of a task that failed, has its one name, and is the only one that lives. */
    void defined(Life life) {
        String of = life.redriveOf;
        if (of == null) {
            return;
        }
        Optional<Life> found =
                lives.of(of).stream().filter(dead -> isOf(life, dead)).reduce((first, second) -> second);
        oracle.check(
                found.filter(dead -> dead.statuses.contains("error")).isPresent(),
                "a redrive of nothing that failed: " + life + " of " + of);
        // One that was deleted may be made once more by who was about to make it first.
        boolean again = !lives.of(life.id).isEmpty();
        lives.all()
                .filter(other -> of.equals(other.redriveOf) && isOf(other, found.orElseThrow()))
                .forEach(other -> oracle.check(
                        again || other.hasEnded() || !other.stands() || other.isExcused(),
                        "a second living redrive: " + life + " beside " + other));
    }

    private static boolean isOf(Life redrive, Life dead) {
        return IntStream.range(1, MOST)
                .anyMatch(n -> Hash.of(dead.id, dead.nonce, Integer.toString(n)).equals(redrive.id));
    }
}
