/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import java.util.List;
import java.util.Map;

/** What {@link TaskOptions} refuses. */
final class OptionBounds {
    private static final int MOST_IN_A_BATCH = 1_000;

    private OptionBounds() {}

    static Object requirePlain(String key, Object value) {
        if (value instanceof List<?> list) {
            list.forEach(part -> requirePlain(key, part));
        } else if (value instanceof Map<?, ?> map) {
            map.keySet().forEach(name -> requirePlain(key, name));
            map.values().forEach(part -> requirePlain(key, part));
        } else if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
            throw new IllegalArgumentException(
                    "metadata must be text, number, boolean, or lists and maps of these: key=" + key + " type="
                            + value.getClass().getName());
        }
        return value;
    }

    static int requirePriority(int priority) {
        if (priority < TaskOptions.MIN_PRIORITY || priority > TaskOptions.MAX_PRIORITY) {
            throw new IllegalArgumentException("priority must be " + TaskOptions.MIN_PRIORITY + " to "
                    + TaskOptions.MAX_PRIORITY + ": priority=" + priority);
        }
        return priority;
    }

    static int requireBatchSize(int batchSize) {
        if (batchSize < 1 || batchSize > MOST_IN_A_BATCH) {
            throw new IllegalArgumentException(
                    "a batch has 1 to " + MOST_IN_A_BATCH + " tasks: batchSize=" + batchSize);
        }
        return batchSize;
    }

    static int requireMaxAttempts(int maxAttempts) {
        if (maxAttempts < 1 || maxAttempts > 1000) {
            throw new IllegalArgumentException("attempts must be 1 to 1000: maxAttempts=" + maxAttempts);
        }
        return maxAttempts;
    }
}
