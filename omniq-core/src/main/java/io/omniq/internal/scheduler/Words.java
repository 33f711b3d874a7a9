/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;

/** English for sets of numbers on a dial: the minutes of an hour, the days of a month. */
final class Words {
    private static final int SHORTEST_RUN = 3;

    private Words() {}

    /** The finest unit: {@code every 15 minutes}, {@code at minutes 5 and 20}. */
    static String finest(BitSet values, int dial, String unit) {
        int step = step(values, dial);
        return switch (step) {
            case 0 -> "at " + named(unit, values);
            case 1 -> "every " + unit;
            default -> "every " + step + " " + unit + "s";
        };
    }

    /** A coarser unit, after a finer one: {@code  of every 2nd hour}, or nothing when that goes without saying. */
    static String coarser(BitSet values, int dial, String unit, boolean finerIsListed) {
        int step = step(values, dial);
        return switch (step) {
            case 0 -> " of " + named(unit, values);
            case 1 -> finerIsListed ? " of every " + unit : "";
            default -> " of every " + ordinal(step) + " " + unit;
        };
    }

    /** The distance of values that divide the dial evenly from 0 on; 0 when they do not. */
    static int step(BitSet values, int dial) {
        int count = values.cardinality();
        if (count < 2 || dial % count != 0) {
            return 0;
        }
        int step = dial / count;
        return values.stream().allMatch(value -> value % step == 0) ? step : 0;
    }

    /** {@code minute 5}, {@code minutes 5 to 7 and 20}. */
    static String named(String unit, BitSet values) {
        return unit + (values.cardinality() == 1 ? " " : "s ") + list(values, Integer::toString);
    }

    /** The values, with runs of three or more drawn together. */
    static String list(BitSet values, IntFunction<String> name) {
        List<String> parts = new ArrayList<>();
        for (int from = values.nextSetBit(0); from >= 0; ) {
            int end = values.nextClearBit(from);
            if (end - from >= SHORTEST_RUN) {
                parts.add(name.apply(from) + " to " + name.apply(end - 1));
                from = values.nextSetBit(end);
            } else {
                parts.add(name.apply(from));
                from = values.nextSetBit(from + 1);
            }
        }
        return join(parts);
    }

    static String join(List<String> parts) {
        int last = parts.size() - 1;
        return last == 0 ? parts.get(0) : String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
    }

    private static String ordinal(int number) {
        return number + (number == 2 ? "nd" : number == 3 ? "rd" : "th");
    }
}
