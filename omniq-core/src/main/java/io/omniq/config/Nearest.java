/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The known name that somebody may have meant. */
final class Nearest {
    private Nearest() {}

    /** Worse than a slip of the pen: the section is another one. */
    private static final int OTHER_SECTION = 2;

    /**
     * The name with the fewest letters to change, in whole or in its last part; none if more than half of them would have to
     * change.
     */
    static @Nullable String of(String name, Collection<String> known) {
        String best = null;
        int fewest = Integer.MAX_VALUE;
        for (String candidate : known) {
            int steps = Math.min(steps(name, candidate, 0), steps(last(name), last(candidate), OTHER_SECTION));
            if (steps < fewest) {
                best = candidate;
                fewest = steps;
            }
        }
        return best;
    }

    private static int steps(String name, String candidate, int penalty) {
        if (plain(candidate).startsWith(plain(name) + "_")) {
            return 1 + penalty; // only begun
        }
        int distance = distance(name, candidate);
        return 2 * distance > candidate.length() ? Integer.MAX_VALUE : distance + penalty;
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Levenshtein's distance, without regard to case and to the kind of separator. */
    private static int distance(String one, String other) {
        String a = plain(one);
        String b = plain(other);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    private static String plain(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1_$2")
                .toLowerCase(Locale.ROOT)
                .replace('-', '_');
    }
}
