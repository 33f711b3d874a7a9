/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Times as text, as {@link Instant#toString} and {@link Instant#parse} have it, for the years that have four digits some ten times
 * faster: each task has a dozen of them. All other texts and times are left to those two.
 */
final class Times {
    private static final int DAY = 86_400;
    private static final long FIRST = LocalDate.of(1, 1, 1).toEpochDay() * DAY;
    private static final long LAST = LocalDate.of(10_000, 1, 1).toEpochDay() * DAY;
    /** Of {@code 2026-11-21T09:30:00.123456789Z}. */
    static final int MOST = 30;

    private static final int SECONDS = 19;

    private Times() {}

    static String text(Instant time) {
        byte[] bytes = new byte[MOST];
        int length = write(time, bytes, 0);
        return length == 0 ? time.toString() : new String(bytes, 0, length, java.nio.charset.StandardCharsets.US_ASCII);
    }

    /**
     * Writes a time into a buffer with room for {@link #MOST} bytes.
     *
     * @return how many there are, or 0 where the year does not have four digits
     */
    static int write(Instant time, byte[] to, int at) {
        long second = time.getEpochSecond();
        if (second < FIRST || second >= LAST) {
            return 0;
        }
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(second, DAY));
        int ofDay = Math.floorMod(second, DAY);
        pair(to, at, date.getYear() / 100);
        pair(to, at + 2, date.getYear() % 100);
        to[at + 4] = '-';
        pair(to, at + 5, date.getMonthValue());
        to[at + 7] = '-';
        pair(to, at + 8, date.getDayOfMonth());
        to[at + 10] = 'T';
        pair(to, at + 11, ofDay / 3600);
        to[at + 13] = ':';
        pair(to, at + 14, ofDay / 60 % 60);
        to[at + 16] = ':';
        pair(to, at + 17, ofDay % 60);
        int length = SECONDS + fraction(time.getNano(), to, at + SECONDS);
        to[at + length] = 'Z';
        return length + 1;
    }

    /** None, or three, six or nine digits. */
    private static int fraction(int nanos, byte[] to, int at) {
        if (nanos == 0) {
            return 0;
        }
        to[at] = '.';
        int micros = nanos / 1000;
        triple(to, at + 1, micros / 1000);
        if (nanos % 1_000_000 == 0) {
            return 4;
        }
        triple(to, at + 4, micros % 1000);
        if (nanos % 1000 == 0) {
            return 7;
        }
        triple(to, at + 7, nanos % 1000);
        return 10;
    }

    private static void pair(byte[] to, int at, int number) {
        to[at] = (byte) ('0' + number / 10);
        to[at + 1] = (byte) ('0' + number % 10);
    }

    private static void triple(byte[] to, int at, int number) {
        to[at] = (byte) ('0' + number / 100);
        pair(to, at + 1, number % 100);
    }

    /**
     * Reads a time.
     *
     * @throws DateTimeException when it is none
     */
    static Instant parse(String text) {
        int end = text.length() - 1;
        boolean usual = end >= SECONDS
                && end < MOST
                && end != SECONDS + 1
                && text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && text.charAt(10) == 'T'
                && text.charAt(13) == ':'
                && text.charAt(16) == ':'
                && (end == SECONDS || text.charAt(SECONDS) == '.')
                && text.charAt(end) == 'Z';
        return usual ? usual(text, end) : Instant.parse(text);
    }

    private static Instant usual(String text, int end) {
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, 10);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, SECONDS);
        int nanos = end == SECONDS ? 0 : number(text, SECONDS + 1, end);
        boolean fits = year >= 0 && month > 0 && day > 0 && hour >= 0 && minute >= 0 && second >= 0 && nanos >= 0;
        if (!fits || month > 12 || day > 28 || hour > 23 || minute > 59 || second > 59) {
            return Instant.parse(text); // the end of a month, midnight as 24:00, or an error to be told
        }
        for (int digits = end - SECONDS - 1; digits > 0 && digits < 9; digits++) {
            nanos *= 10;
        }
        long days = LocalDate.of(year, month, day).toEpochDay();
        return Instant.ofEpochSecond(days * DAY + hour * 3600L + minute * 60L + second, nanos);
    }

    /** The number that stands there, or -1 where something else does. */
    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
