/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import com.cronutils.model.field.CronFieldName;
import java.util.List;

/** The fields of a cron expression, in their order. */
enum CronField {
    SECOND("second", CronFieldName.SECOND, 0, 59, ""),
    MINUTE("minute", CronFieldName.MINUTE, 0, 59, ""),
    HOUR("hour", CronFieldName.HOUR, 0, 23, ""),
    DAY_OF_MONTH("day of month", CronFieldName.DAY_OF_MONTH, 1, 31, ""),
    MONTH("month", CronFieldName.MONTH, 1, 12, " or JAN-DEC"),
    DAY_OF_WEEK("day of week", CronFieldName.DAY_OF_WEEK, 0, 7, " or SUN-SAT (0 and 7 are Sunday)");

    static final List<CronField> ORDER = List.of(values());

    private final String words;
    private final CronFieldName parserName;
    private final int min;
    private final int max;
    private final String names;

    CronField(String words, CronFieldName parserName, int min, int max, String names) {
        this.words = words;
        this.parserName = parserName;
        this.min = min;
        this.max = max;
        this.names = names;
    }

    String words() {
        return words;
    }

    /** What the parser calls it. */
    CronFieldName parserName() {
        return parserName;
    }

    int min() {
        return min;
    }

    int max() {
        return max;
    }

    /** Its range, for messages. */
    String allowed() {
        return min + "-" + max + names;
    }
}
