/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.store.Write;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The rules of paused queues: a worker looks before it lists, and claims nothing where it must have seen the marker. */
final class PauseRules {
    private static final String PAUSED = "locks/paused/";

    private final Oracle oracle;
    /** Since when a queue is paused. */
    private final Map<String, Long> since = new HashMap<>();
    /** Until when it was. */
    private final Map<String, Long> until = new HashMap<>();
    /** By duty and queue, when it last looked, and when it last listed. */
    private final Map<String, Long> looked = new HashMap<>();

    private final Map<String, Long> listed = new HashMap<>();

    PauseRules(Oracle oracle) {
        this.oracle = oracle;
    }

    void landed(Write write) {
        String queue = Oracle.id(write.key());
        if (write.kind() == Write.Kind.DELETE) {
            since.remove(queue);
            until.put(queue, oracle.nanos());
        } else {
            since.put(queue, oracle.nanos());
            until.put(queue, Long.MAX_VALUE);
        }
    }

    void acknowledged(String queue, long begun) {
        oracle.check(until.getOrDefault(queue, -1L) >= begun, "acknowledged as paused, but it was not: " + queue);
    }

    void read(String process, String key) {
        if (key.startsWith(PAUSED) && Roles.works(process)) {
            looked.put(who(process, Oracle.id(key)), oracle.nanos());
        }
    }

    void listed(String process, String prefix) {
        Optional<String> queue = queue(prefix);
        if (queue.isPresent() && Roles.works(process)) {
            String who = who(process, queue.get());
            Long last = looked.get(who);
            oracle.check(
                    last != null && last > listed.getOrDefault(who, -1L),
                    "listed without a look whether it is paused: " + who);
            listed.put(who, oracle.nanos());
        }
    }

    void claimed(String process, String key) {
        String queue = key.substring("queues/".length(), key.lastIndexOf('/'));
        Long paused = since.get(queue);
        oracle.check(
                paused == null || looked.getOrDefault(who(process, queue), -1L) <= paused,
                "claimed from a queue that was seen as paused: " + key + " by " + process);
    }

    /** Whoever enqueues looks, too, and knows nothing of what the claims are taken from. An actor is a thread. */
    private static String who(String process, String queue) {
        return process + " " + queue + " " + Thread.currentThread().getId();
    }

    private static Optional<String> queue(String prefix) {
        return prefix.startsWith("queues/") && prefix.length() > "queues/".length()
                ? Optional.of(prefix.substring("queues/".length(), prefix.length() - 1))
                : Optional.empty();
    }
}
