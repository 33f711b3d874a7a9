/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.OmniQException;
import io.omniq.model.Names;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The scheduling fields of an entry as attributes, so that a listing is enough to choose. What its key says is left out, and a counter
 * that is 0.
 */
final class EntryMirror {
    private static final String FUNC = "func";
    private static final String STATE = "state";
    private static final String NOT_BEFORE = "not_before";
    private static final String EXPIRES_AT = "expires_at";
    private static final String ATTEMPT = "attempt";
    private static final String FAILURES = "failures";
    private static final String CRASHES = "crashes";
    private static final String WORKER_ID = "worker_id";
    private static final String CLAIMED_AT = "claimed_at";
    /** Present when the attributes hold less than the body. */
    private static final String PARTIAL = "partial";
    /** Google Cloud Storage takes 8 KiB of attributes in all; names and texts here stay far below. */
    private static final int MAX_ATTRIBUTE = 512;

    private EntryMirror() {}

    static @Nullable Entry read(String key, Map<String, String> attributes) {
        String state = attributes.get(STATE);
        if (state == null) {
            return null;
        }
        try {
            String worker = attributes.get(WORKER_ID);
            return new Entry(
                    Names.requireTaskId(Layout.taskOfEntry(key)),
                    Names.requireTaskName(attributes.getOrDefault(FUNC, "")),
                    Names.requireQueue(Layout.queueOfEntry(key)),
                    Layout.priorityOfEntry(key),
                    Entry.State.of(state),
                    time(attributes, NOT_BEFORE),
                    time(attributes, EXPIRES_AT),
                    number(attributes, ATTEMPT),
                    number(attributes, FAILURES),
                    number(attributes, CRASHES),
                    worker == null ? null : Names.requireWorkerId(worker),
                    time(attributes, CLAIMED_AT),
                    null,
                    List.of(),
                    null,
                    Links.NONE,
                    Members.of(number(attributes, Members.COUNT)),
                    Map.of());
        } catch (OmniQException | IllegalArgumentException | DateTimeException e) {
            return null; // the body is the truth, and its reader deals with what is damaged
        }
    }

    private static @Nullable Instant time(Map<String, String> attributes, String name) {
        String text = attributes.get(name);
        return text == null ? null : Times.parse(text);
    }

    private static int number(Map<String, String> attributes, String name) {
        String text = attributes.get(name);
        return text == null ? 0 : Integer.parseInt(text);
    }

    static boolean isWhole(Map<String, String> attributes) {
        return attributes.containsKey(STATE) && !attributes.containsKey(PARTIAL);
    }

    /**
     * The attributes of an entry.
     *
     * @param entry the entry
     * @param more whether it says more than they can
     */
    static Map<String, String> write(Entry entry, boolean more) {
        String worker = entry.workerId();
        if (entry.func().length() > MAX_ATTRIBUTE || (worker != null && worker.length() > MAX_ATTRIBUTE)) {
            return Map.of();
        }
        Map<String, String> attributes = new HashMap<>();
        attributes.put(FUNC, entry.func());
        attributes.put(STATE, entry.stateName());
        put(attributes, NOT_BEFORE, entry.notBefore());
        put(attributes, EXPIRES_AT, entry.expiresAt());
        put(attributes, ATTEMPT, entry.attempt());
        put(attributes, FAILURES, entry.failures());
        put(attributes, CRASHES, entry.crashes());
        if (worker != null) {
            attributes.put(WORKER_ID, worker);
        }
        put(attributes, CLAIMED_AT, entry.claimedAt());
        put(attributes, Members.COUNT, entry.members().count());
        if (more) {
            attributes.put(PARTIAL, "true");
        }
        return attributes;
    }

    private static void put(Map<String, String> attributes, String name, @Nullable Instant time) {
        if (time != null) {
            attributes.put(name, Times.text(time));
        }
    }

    private static void put(Map<String, String> attributes, String name, int number) {
        if (number != 0) {
            attributes.put(name, Integer.toString(number));
        }
    }
}
