/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random cron expressions that fire on some day of most years. */
final class RandomCron {
    private RandomCron() {}

    static String expression(Random random) {
        List<String> fields = new ArrayList<>();
        if (random.nextInt(4) == 0) {
            fields.add(list(random, 0, 59, 3));
        }
        fields.add(random.nextInt(3) == 0 ? "*/" + (1 + random.nextInt(59)) : list(random, 0, 59, 3));
        fields.add(random.nextInt(3) == 0 ? "*" : list(random, 0, random.nextBoolean() ? 4 : 23, 3));
        fields.add(random.nextInt(2) == 0 ? "*" : list(random, 1, 28, 3));
        fields.add(random.nextInt(2) == 0 ? "*" : list(random, 1, 12, 4));
        fields.add(random.nextInt(2) == 0 ? "*" : list(random, 0, 7, 2));
        return String.join(" ", fields);
    }

    private static String list(Random random, int min, int max, int longest) {
        List<String> parts = new ArrayList<>();
        for (int n = 1 + random.nextInt(longest); n > 0; n--) {
            parts.add(part(random, min, max));
        }
        return String.join(",", parts);
    }

    private static String part(Random random, int min, int max) {
        int from = min + random.nextInt(max - min + 1);
        int to = from + random.nextInt(max - from + 1);
        int step = 1 + random.nextInt(max - min);
        return switch (random.nextInt(5)) {
            case 0 -> from + "-" + to;
            case 1 -> from + "-" + to + "/" + step;
            case 2 -> from + "/" + step;
            default -> Integer.toString(from);
        };
    }
}
