/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

import io.omniq.InvalidNameException;
import java.util.Objects;
import java.util.regex.Pattern;

/** The rules for names that become part of a key. A refused name is reported before anything is written. */
public final class Names {
    private static final Pattern TASK_ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    /** What the library calls a batch: a ULID with a mark. */
    private static final String BATCH = "[0-9a-z]{26}-b";

    private static final Pattern BATCH_ID = Pattern.compile(BATCH);
    private static final Pattern MEMBER_ID = Pattern.compile(BATCH + "\\.(0|[1-9][0-9]{0,3})");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}");
    private static final Pattern TASK_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:$-]{0,255}");

    private Names() {}

    /**
     * A task id: one to 128 letters, digits, {@code _} or {@code -}; or the id of a task in a batch, as the library makes it.
     *
     * @param id the id
     * @return the same id
     * @throws InvalidNameException when it breaks the rule
     */
    public static String requireTaskId(String id) {
        return isMemberId(id) ? id : require("task id", id, TASK_ID, "1 to 128 of letters, digits, '_', '-'");
    }

    /**
     * A task id that a caller may choose: one to 128 letters, digits, {@code _} or {@code -}, which is not what the library calls
     * its batches.
     *
     * @param id the id
     * @return the same id
     * @throws InvalidNameException when it breaks the rule
     */
    public static String requireOwnTaskId(String id) {
        if (isBatchId(id)) {
            throw new InvalidNameException(
                    "invalid task id, a batch could have it; choose another: value=\"" + id + "\"");
        }
        return require("task id", id, TASK_ID, "1 to 128 of letters, digits, '_', '-'");
    }

    /**
     * Whether a text is the id of a task in a batch: the batch's id, a point and a number.
     *
     * @param text the text
     * @return whether it is
     */
    public static boolean isMemberId(String text) {
        return MEMBER_ID.matcher(text).matches();
    }

    /**
     * Whether a text is the id of a batch, which is no task: a ULID and {@code -b}.
     *
     * @param text the text
     * @return whether it is
     */
    public static boolean isBatchId(String text) {
        return BATCH_ID.matcher(text).matches();
    }

    /**
     * Whether a text can be a task id.
     *
     * @param text the text
     * @return whether {@link #requireTaskId} would take it
     */
    public static boolean isTaskId(String text) {
        return TASK_ID.matcher(text).matches() || isMemberId(text);
    }

    /**
     * A queue name: one to 128 letters, digits, {@code _}, {@code -} or, not first, {@code .}.
     *
     * @param name the name
     * @return the same name
     * @throws InvalidNameException when it breaks the rule
     */
    public static String requireQueue(String name) {
        return require("queue name", name, TOKEN, "1 to 128 of letters, digits, '_', '-', '.', not starting with '.'");
    }

    /**
     * A schedule id: one to 128 letters, digits, {@code _}, {@code -} or, not first, {@code .}.
     *
     * @param id the id
     * @return the same id
     * @throws InvalidNameException when it breaks the rule
     */
    public static String requireScheduleId(String id) {
        return require("schedule id", id, TOKEN, "1 to 128 of letters, digits, '_', '-', '.', not starting with '.'");
    }

    /**
     * An application's name: one to 128 letters, digits, {@code _}, {@code -} or, not first, {@code .}.
     *
     * @param name the name
     * @return the same name
     * @throws InvalidNameException when it breaks the rule
     */
    public static String requireApplication(String name) {
        return require(
                "application name", name, TOKEN, "1 to 128 of letters, digits, '_', '-', '.', not starting with '.'");
    }

    /**
     * A worker id: one to 128 letters, digits, {@code _}, {@code -} or, not first, {@code .}.
     *
     * @param id the id
     * @return the same id
     * @throws InvalidNameException when it breaks the rule
     */
    public static String requireWorkerId(String id) {
        return require("worker id", id, TOKEN, "1 to 128 of letters, digits, '_', '-', '.', not starting with '.'");
    }

    /**
     * A task name, as given to {@code @Task}: one to 256 letters, digits, {@code _} or, not first,
     * {@code . : $ -}.
     *
     * @param name the name
     * @return the same name
     * @throws InvalidNameException when it breaks the rule
     */
    public static String requireTaskName(String name) {
        return require(
                "task name", name, TASK_NAME, "1 to 256 of letters, digits, '_', and, not first, '.', ':', '$', '-'");
    }

    private static String require(String what, String value, Pattern pattern, String rule) {
        Objects.requireNonNull(value, what);
        if (!pattern.matcher(value).matches()) {
            throw new InvalidNameException(
                    "invalid " + what + ": value=\"" + value.replaceAll("\\p{Cntrl}", "?") + "\" allowed=" + rule);
        }
        return value;
    }
}
