/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

import io.omniq.InvalidNameException;
import java.util.Objects;

/** The rules for names that become part of a key. A refused name is reported before anything is written. */
public final class Names {
    /** Characters that a name may have beside letters, digits and {@code _}, first and later. */
    private record Rule(String what, int most, String first, String later, String text) {
        boolean allows(String name) {
            int length = name.length();
            if (length < 1 || length > most) {
                return false;
            }
            for (int i = 0; i < length; i++) {
                char c = name.charAt(i);
                if (!isWord(c) && (i == 0 ? first : later).indexOf(c) < 0) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isWord(char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_';
        }
    }

    private static final Rule TASK_ID = new Rule("task id", 128, "-", "-", "1 to 128 of letters, digits, '_', '-'");
    private static final Rule QUEUE = token("queue name");
    private static final Rule SCHEDULE_ID = token("schedule id");
    private static final Rule APPLICATION = token("application name");
    private static final Rule WORKER_ID = token("worker id");
    private static final Rule TASK_NAME = new Rule(
            "task name", 256, "", ".:$-", "1 to 256 of letters, digits, '_', and, not first, '.', ':', '$', '-'");

    private static final int ULID = 26;
    /** What follows the ULID in the id of a batch. */
    private static final String BATCH = "-b";

    private static final int MEMBER_DIGITS = 4;

    private Names() {}

    private static Rule token(String what) {
        return new Rule(what, 128, "-", "-.", "1 to 128 of letters, digits, '_', '-', '.', not starting with '.'");
    }

    /**
     * A task id: one to 128 letters, digits, {@code _} or {@code -}; or the id of a task in a batch, as the library makes it.
     *
     * @param id the id
     * @return the same id
     * @throws InvalidNameException when it breaks the rule
     */
    public static String requireTaskId(String id) {
        return isMemberId(id) ? id : require(TASK_ID, id);
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
        return require(TASK_ID, id);
    }

    /**
     * Whether a text is the id of a task in a batch: the batch's id, a point and a number.
     *
     * @param text the text
     * @return whether it is
     */
    public static boolean isMemberId(String text) {
        int number = ULID + BATCH.length() + 1;
        int digits = text.length() - number;
        boolean shape = digits >= 1
                && digits <= MEMBER_DIGITS
                && text.charAt(number - 1) == '.'
                && (digits == 1 || text.charAt(number) != '0')
                && isBatch(text);
        for (int i = number; shape && i < text.length(); i++) {
            shape = isDigit(text.charAt(i));
        }
        return shape;
    }

    /**
     * Whether a text is the id of a batch, which is no task: a ULID and {@code -b}.
     *
     * @param text the text
     * @return whether it is
     */
    public static boolean isBatchId(String text) {
        return text.length() == ULID + BATCH.length() && isBatch(text);
    }

    /**
     * Whether a text can be a task id.
     *
     * @param text the text
     * @return whether {@link #requireTaskId} would take it
     */
    public static boolean isTaskId(String text) {
        return TASK_ID.allows(text) || isMemberId(text);
    }

    /**
     * A queue name: one to 128 letters, digits, {@code _}, {@code -} or, not first, {@code .}.
     *
     * @param name the name
     * @return the same name
     * @throws InvalidNameException when it breaks the rule
     */
    public static String requireQueue(String name) {
        return require(QUEUE, name);
    }

    /**
     * A schedule id: one to 128 letters, digits, {@code _}, {@code -} or, not first, {@code .}.
     *
     * @param id the id
     * @return the same id
     * @throws InvalidNameException when it breaks the rule
     */
    public static String requireScheduleId(String id) {
        return require(SCHEDULE_ID, id);
    }

    /**
     * An application's name: one to 128 letters, digits, {@code _}, {@code -} or, not first, {@code .}.
     *
     * @param name the name
     * @return the same name
     * @throws InvalidNameException when it breaks the rule
     */
    public static String requireApplication(String name) {
        return require(APPLICATION, name);
    }

    /**
     * A worker id: one to 128 letters, digits, {@code _}, {@code -} or, not first, {@code .}.
     *
     * @param id the id
     * @return the same id
     * @throws InvalidNameException when it breaks the rule
     */
    public static String requireWorkerId(String id) {
        return require(WORKER_ID, id);
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
        return require(TASK_NAME, name);
    }

    /** Whether a text that is long enough begins like the id of a batch. */
    private static boolean isBatch(String text) {
        for (int i = 0; i < ULID; i++) {
            char c = text.charAt(i);
            if (!isDigit(c) && (c < 'a' || c > 'z')) {
                return false;
            }
        }
        return text.startsWith(BATCH, ULID);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static String require(Rule rule, String value) {
        Objects.requireNonNull(value, rule.what);
        if (!rule.allows(value)) {
            throw new InvalidNameException("invalid " + rule.what + ": value=\"" + value.replaceAll("\\p{Cntrl}", "?")
                    + "\" allowed=" + rule.text);
        }
        return value;
    }
}
