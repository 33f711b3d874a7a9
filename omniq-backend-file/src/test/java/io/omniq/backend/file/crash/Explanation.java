/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import java.util.Locale;

/** Why a run is not the one whose result is recorded. */
enum Explanation {
    /** It failed, and its task was tried again. */
    FAILED,
    /** It was told to stop, because of a shutdown or a lost lease, and said so. */
    STOPPED,
    /** Its process was killed during it, or before its outcome was stored. */
    KILLED,
    /** Its process, or one that held a lock it needed, was stopped meanwhile: it lost its lease. */
    STALLED,
    /** Its outcome found the disk full. */
    FULL,
    /** None is known. */
    NONE;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Explanation of(Run run, History history) {
        return switch (run.ending()) {
            case ERROR -> FAILED;
            case STOPPED -> STOPPED;
            case OPEN -> run.life().killed() == Life.NEVER ? NONE : KILLED;
            case VALUE -> ofValue(run, history);
        };
    }

    private static Explanation ofValue(Run run, History history) {
        Life life = run.life();
        if (life.rested(run.started() - History.AT_ONCE, run.ended() + History.AT_ONCE)) {
            return STALLED;
        }
        if (life.killed() != Life.NEVER && life.awake(run.ended(), life.killed()) <= History.AT_ONCE) {
            return KILLED;
        }
        if (history.isHeldUp(run.started(), run.ended() + Micros.of(CrashChild.LEASE))) {
            return STALLED;
        }
        return run.ended() + Micros.of(CrashChild.LEASE) >= history.fullFrom() ? FULL : NONE;
    }
}
