/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

import io.omniq.InvalidNameException;
import java.util.Objects;
import java.util.regex.Pattern;

/** The rules for names that become part of a key. A refused name is reported before anything is written. */
public final class Names {
    private static final Pattern TASK_ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}");
    private static final Pattern TASK_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:$-]{0,255}");

    private Names() {}

    /**
     * A task id: one to 128 letters, digits, {@code _} or {@code -}.
     *
     * @param id the id
     * @return the same id
     * @throws InvalidNameException when it breaks the rule
     */
    public static String requireTaskId(String id) {
        return require("task id", id, TASK_ID, "1 to 128 of letters, digits, '_', '-'");
    }

    /**
     * Whether a text can be a task id.
     *
     * @param text the text
     * @return whether {@link #requireTaskId} would take it
     */
    public static boolean isTaskId(String text) {
        return TASK_ID.matcher(text).matches();
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
