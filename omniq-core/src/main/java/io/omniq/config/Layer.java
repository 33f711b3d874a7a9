/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import java.util.HashMap;
import java.util.Map;

/** What sources of one rank set. A later source of the rank replaces what an earlier one set. */
final class Layer {
    /** A value that fits its setting, and where it is from. */
    record Value(Object value, String source) {}

    private final Problems problems;
    private final Map<Setting<?>, Value> values = new HashMap<>();

    Layer(Problems problems) {
        this.problems = problems;
    }

    /** Takes a value if it fits, and reports it if not. */
    void take(String source, Setting<?> setting, Object raw) {
        Object value = setting.type().read(raw);
        if (value == null) {
            problems.unfit(source, setting, raw);
        } else {
            values.put(setting, new Value(value, source));
        }
    }

    Map<Setting<?>, Value> values() {
        return values;
    }
}
