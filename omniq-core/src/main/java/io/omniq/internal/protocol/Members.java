/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What the entry of a batch says about its members.
 *
 * @param count how many tasks it stands for; 0 for an entry of one task
 * @param leaving those that leave it, by number, with the entries they shall have
 */
record Members(int count, NavigableMap<Integer, Entry> leaving) {
    static final String COUNT = "members";
    private static final String LEAVING = "moved";
    static final List<String> NAMES = List.of(COUNT, LEAVING);
    static final Members NONE = new Members(0, new TreeMap<>());

    Members {
        leaving = Collections.unmodifiableNavigableMap(leaving);
    }

    static Members of(int count) {
        return count == 0 ? NONE : new Members(count, new TreeMap<>());
    }

    static Members read(Fields f) {
        int count = f.integerOr(COUNT, 0);
        if (count == 0) {
            return NONE;
        }
        NavigableMap<Integer, Entry> leaving = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : f.object(LEAVING).entrySet()) {
            int number = Integer.parseInt(member.getKey());
            if (number < 0 || number >= count) {
                throw new IllegalArgumentException("no such member: number=" + number + " members=" + count);
            }
            leaving.put(number, Entry.of(f.inner(LEAVING, member.getValue())));
        }
        return new Members(count, leaving);
    }

    void addTo(RecordText text) {
        if (count > 0) {
            text.put(COUNT, count);
        }
        if (!leaving.isEmpty()) {
            text.begin(LEAVING);
            leaving.forEach(
                    (number, entry) -> entry.write(text.begin(number.toString()).put("format", Json.FORMAT))
                            .end());
            text.end();
        }
    }

    Members with(Map<Integer, Entry> leavers) {
        NavigableMap<Integer, Entry> all = new TreeMap<>(leaving);
        leavers.forEach(all::putIfAbsent);
        return new Members(count, all);
    }
}
