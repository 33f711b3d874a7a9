/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.storage.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The scheduling fields of an entry as attributes, so that a listing is enough to choose. */
final class EntryMirror {
    static final List<String> SCHEDULING = List.of(
            "task_id",
            "func",
            "queue_name",
            "priority",
            "state",
            "not_before",
            "expires_at",
            "attempt",
            "failures",
            "crashes",
            "worker_id",
            "claimed_at",
            Members.COUNT);

    private static final Set<String> NUMBERS = Set.of("priority", "attempt", "failures", "crashes", Members.COUNT);
    /** Present when the attributes hold less than the body. */
    private static final String PARTIAL = "partial";
    /** Google Cloud Storage takes 8 KiB of attributes in all; names and texts here stay far below. */
    private static final int MAX_ATTRIBUTE = 512;

    private EntryMirror() {}

    static @Nullable Entry read(String key, Map<String, String> attributes) {
        if (!attributes.containsKey("state")) {
            return null;
        }
        ObjectNode node = Json.record();
        try {
            attributes.forEach((name, value) -> {
                if (NUMBERS.contains(name)) {
                    node.set(name, Json.parse(key, value.getBytes(StandardCharsets.UTF_8)));
                } else if (SCHEDULING.contains(name)) {
                    node.put(name, value);
                }
            });
            Fields f = Json.fields(key, node);
            return f.checked(() -> Entry.of(f));
        } catch (UnreadableRecordException e) {
            return null; // the body is the truth, and its reader deals with what is damaged
        }
    }

    static boolean isWhole(Map<String, String> attributes) {
        return attributes.containsKey("state") && !attributes.containsKey(PARTIAL);
    }

    /**
     * The attributes of an entry.
     *
     * @param entry the entry
     * @param more whether it says more than they can
     */
    static Map<String, String> write(Entry entry, boolean more) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put("task_id", entry.taskId());
        attributes.put("func", entry.func());
        attributes.put("queue_name", entry.queueName());
        attributes.put("priority", Integer.toString(entry.priority()));
        attributes.put("state", entry.stateName());
        put(attributes, "not_before", entry.notBefore());
        put(attributes, "expires_at", entry.expiresAt());
        attributes.put("attempt", Integer.toString(entry.attempt()));
        attributes.put("failures", Integer.toString(entry.failures()));
        attributes.put("crashes", Integer.toString(entry.crashes()));
        if (entry.workerId() != null) {
            attributes.put("worker_id", entry.workerId());
        }
        put(attributes, "claimed_at", entry.claimedAt());
        if (entry.isBatch()) {
            attributes.put(Members.COUNT, Integer.toString(entry.members().count()));
        }
        for (String value : attributes.values()) {
            if (value.length() > MAX_ATTRIBUTE) {
                return Map.of();
            }
        }
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
}
