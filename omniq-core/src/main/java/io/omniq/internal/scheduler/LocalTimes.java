/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import java.time.LocalDateTime;

/** A set of whole seconds on a calendar and a clock that never change. It goes on for ever in both directions. */
interface LocalTimes {
    /** The first of them from a time on. */
    LocalDateTime nextOrSame(LocalDateTime from);

    /** The last of them up to a time. */
    LocalDateTime previousOrSame(LocalDateTime to);

    /** Whether each hour of the day has some, so that they are a rhythm rather than times of day. */
    boolean everyHour();

    /** What they are, in English. */
    String inWords();
}
