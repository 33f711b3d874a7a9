/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.internal.util.Surroundings;
import io.omniq.model.Schedule;
import io.omniq.store.StoredObject;
import java.time.Duration;
import java.time.Instant;

/**
 * A schedule as it was read, and how long ago.
 *
 * @param schedule the schedule
 * @param birth tells it from an earlier schedule with the same id
 * @param stored how it is stored: its unknown fields are kept
 * @param readNanos monotonic time before it was asked for
 * @param readAt wall-clock time before it was asked for
 */
public record HeldSchedule(Schedule schedule, String birth, StoredObject stored, long readNanos, Instant readAt) {
    /**
     * How long what was read may lead to a task. Far less than a task of a schedule is kept, so whoever stalls cannot make one
     * that came and went meanwhile.
     */
    static final Duration FRESH = Duration.ofSeconds(60);

    /** By the process's own clocks; the later of the two, because the monotonic one stands still while a machine sleeps. */
    boolean isFresh(Surroundings surroundings) {
        Duration monotonic = Duration.ofNanos(surroundings.nanos().getAsLong() - readNanos);
        Duration wall = Duration.between(readAt, surroundings.now());
        return monotonic.compareTo(FRESH) < 0 && wall.compareTo(FRESH) < 0;
    }
}
