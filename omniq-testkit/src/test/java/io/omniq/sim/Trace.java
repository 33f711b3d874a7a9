/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import java.util.Arrays;
import java.util.function.Consumer;

/** Everything that went between the processes and the store, as one number; on demand also as text. */
final class Trace {
    private static final long PRIME = 0x100000001b3L;

    private final Consumer<String> lines;
    private final boolean silent;
    private long hash = 0xcbf29ce484222325L;
    private int calls;

    /** What a run came to. */
    record Run(int steps, int calls, long hash) {}

    /** A trace of which only the number is wanted. */
    Trace() {
        this.lines = line -> {};
        this.silent = true;
    }

    Trace(Consumer<String> lines) {
        this.lines = lines;
        this.silent = false;
    }

    void add(long nanos, String process, String operation, String key, String answer, byte[] body) {
        calls++;
        mix(nanos);
        mix(process.hashCode());
        mix(operation.hashCode());
        mix(key.hashCode());
        mix(answer.hashCode());
        mix(Arrays.hashCode(body));
        if (!silent) {
            lines.accept(Sim.START.plusNanos(nanos) + " " + process + " " + operation + " " + key + " -> " + answer
                    + (body.length == 0 ? "" : " " + new String(body, java.nio.charset.StandardCharsets.UTF_8)));
        }
    }

    private void mix(long value) {
        hash = (hash ^ value) * PRIME;
        hash ^= hash >>> 29;
    }

    Run run(int steps) {
        return new Run(steps, calls, hash);
    }
}
