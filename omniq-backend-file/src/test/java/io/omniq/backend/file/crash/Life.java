/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import java.util.ArrayList;
import java.util.List;

/**
 * What happened to a process.
 *
 * @param pid its id
 * @param killed when SIGKILL was sent, or {@link #NEVER}
 * @param terminated when SIGTERM was sent, or {@link #NEVER}
 * @param stops when it was stopped by SIGSTOP
 * @param stalls when it found itself held up, whatever the reason
 */
record Life(long pid, long killed, long terminated, List<Span> stops, List<Span> stalls) {
    static final long NEVER = Long.MAX_VALUE;

    Life withStalls(List<Span> found) {
        return new Life(pid, killed, terminated, stops, List.copyOf(found));
    }

    /** Whether it did not run for some of the time. */
    boolean rested(long begin, long end) {
        return rests().stream().anyMatch(rest -> rest.touches(begin, end));
    }

    /** For how much of the time it ran. */
    long awake(long begin, long end) {
        long awake = 0;
        long at = begin;
        for (Span rest : rests()) {
            awake += Math.max(0, Math.min(rest.from(), end) - at);
            at = Math.max(at, Math.min(rest.to(), end));
        }
        return awake + Math.max(0, end - at);
    }

    private List<Span> rests() {
        List<Span> rests = new ArrayList<>(stops);
        rests.addAll(stalls);
        rests.sort((a, b) -> Long.compare(a.from(), b.from()));
        return rests;
    }
}
