/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time between two changes of a zone's clock, and the local times that are served in it.
 *
 * <pre>
 *   a gap opens it       from the last time before the change: what the gap swallowed is served first, at its first instant
 *   an overlap opens it  from the furthest time shown before: what was shown already is not served again;
 *                        for a rhythm, from the time the clock was put back to
 *   a change closes it   up to the time at which the clock is changed
 * </pre>
 */
record ClockStretch(
        ZoneRules rules,
        ZoneOffset offset,
        @Nullable ZoneOffsetTransition opening,
        @Nullable ZoneOffsetTransition closing) {

    /** The stretch that a time, a whole second, lies in. */
    static ClockStretch at(ZoneRules rules, Instant time) {
        // The change before the next second is the one at or before this second: changes happen at whole seconds.
        return new ClockStretch(
                rules,
                rules.getOffset(time),
                rules.previousTransition(time.plusSeconds(1)),
                rules.nextTransition(time));
    }

    LocalDateTime localAt(Instant time) {
        return LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, offset);
    }

    /** The first local time that is served. */
    LocalDateTime start(boolean rhythm) {
        if (opening == null) {
            return LocalDateTime.MIN;
        }
        return rhythm && opening.isOverlap() ? opening.getDateTimeAfter() : opening.getDateTimeBefore();
    }

    /** Whether a time is before the first local time that is not served any more. */
    boolean endsAfter(LocalDateTime local) {
        return closing == null || local.isBefore(closing.getDateTimeBefore());
    }

    /** The last local time before the change that closes it. */
    LocalDateTime lastShown() {
        return change(closing).getDateTimeBefore().minusSeconds(1);
    }

    boolean opensAfter(Instant time) {
        return opening != null && opening.getInstant().isAfter(time);
    }

    /** When a local time is served. */
    Instant serve(LocalDateTime local) {
        Instant shown = local.toInstant(offset);
        return opening == null ? shown : Timeline.later(shown, opening.getInstant());
    }

    ClockStretch following() {
        return at(rules, change(closing).getInstant());
    }

    ClockStretch preceding() {
        return at(rules, change(opening).getInstant().minusSeconds(1));
    }

    private static ZoneOffsetTransition change(@Nullable ZoneOffsetTransition change) {
        if (change == null) {
            throw new IllegalStateException("the clock is not changed on this side");
        }
        return change;
    }
}
