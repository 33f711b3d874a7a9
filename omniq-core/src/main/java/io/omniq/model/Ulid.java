/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Makes ULIDs: 26 lower-case characters of Crockford's Base32, 48 bits of milliseconds and 80 random bits, so that ids
 * sort by the time of their making (<a href="https://github.com/ulid/spec">ULID specification</a>; lower case is ours).
 * Ids of one instance and one millisecond keep their order. Safe for use by many threads.
 */
public final class Ulid {
    private static final byte[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".getBytes(StandardCharsets.ISO_8859_1);
    /** What each character stands for, or -1. */
    private static final byte[] VALUES = values();

    private static final int LENGTH = 26;
    private static final int TIME_LENGTH = 10;
    private static final long HIGH_MASK = 0xFFFFL;

    private final RandomGenerator random;
    private long lastMillis = -1;
    private long high;
    private long low;

    /**
     * A maker with its source of randomness.
     *
     * @param random the source; a {@link java.security.SecureRandom} where ids must not be guessable
     */
    public Ulid(RandomGenerator random) {
        this.random = Objects.requireNonNull(random, "random");
    }

    /**
     * The next id for a time.
     *
     * @param time the time the id shall carry, to the millisecond; 1970 to 10889
     * @return 26 characters
     */
    public synchronized String next(Instant time) {
        long millis = time.toEpochMilli();
        if (millis == lastMillis && ++low != 0) {
            return text(millis, high, low);
        }
        lastMillis = millis;
        high = random.nextLong() & HIGH_MASK;
        low = random.nextLong();
        return text(millis, high, low);
    }

    /**
     * The smallest id of a time: every id made at that time or later sorts at or after it.
     *
     * @param time the time
     * @return 26 characters
     */
    public static String lowest(Instant time) {
        return text(time.toEpochMilli(), 0, 0);
    }

    /**
     * The time an id carries.
     *
     * @param ulid the id
     * @return its time, to the millisecond
     * @throws IllegalArgumentException when it is not a ULID in lower case
     */
    public static Instant time(String ulid) {
        long millis = 0;
        if (ulid.length() != LENGTH) {
            throw new IllegalArgumentException("not a ULID: " + ulid);
        }
        for (int i = 0; i < LENGTH; i++) {
            char c = ulid.charAt(i);
            int digit = c < VALUES.length ? VALUES[c] : -1;
            if (digit < 0 || (i == 0 && digit > 7)) {
                throw new IllegalArgumentException("not a ULID: " + ulid);
            }
            if (i < TIME_LENGTH) {
                millis = (millis << 5) | digit;
            }
        }
        return Instant.ofEpochMilli(millis);
    }

    private static byte[] values() {
        byte[] values = new byte['z' + 1];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < DIGITS.length; i++) {
            values[DIGITS[i]] = (byte) i;
        }
        return values;
    }

    private static String text(long millis, long high, long low) {
        if (millis < 0 || millis >= 1L << 48) {
            throw new IllegalArgumentException("time outside the range of a ULID: epochMillis=" + millis);
        }
        byte[] text = new byte[LENGTH];
        for (int i = 0; i < TIME_LENGTH; i++) {
            text[i] = DIGITS[(int) (millis >>> (45 - 5 * i)) & 31];
        }
        // 80 random bits, five at a time: 16 from high, 64 from low; one digit straddles the border.
        for (int i = 0; i < 16; i++) {
            int shift = 75 - 5 * i;
            long bits;
            if (shift >= 64) {
                bits = high >>> (shift - 64);
            } else if (shift > 59) {
                bits = (high << (64 - shift)) | (low >>> shift);
            } else {
                bits = low >>> shift;
            }
            text[TIME_LENGTH + i] = DIGITS[(int) (bits & 31)];
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
