/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * All that is known when the processes are gone.
 *
 * @param mode what was done to them
 * @param runs every run of a handler, in no order
 * @param results every recorded result by its task
 * @param stops when some process was stopped by SIGSTOP
 * @param fullFrom since when the disk may be full, or {@link Life#NEVER}
 */
record History(Mode mode, List<Run> runs, Map<String, Recorded> results, List<Span> stops, long fullFrom) {
    /**
     * What a process that is awake does at once, it does within this time: to start a handler after a claim, to record an
     * outcome after its end.
     */
    static final long AT_ONCE = Micros.of(Duration.ofSeconds(1));

    /** Whether some process was stopped meanwhile: it may hold a lock of the store that all others wait for. */
    boolean isHeldUp(long begin, long end) {
        return stops.stream().anyMatch(stop -> stop.touches(begin, end));
    }
}
