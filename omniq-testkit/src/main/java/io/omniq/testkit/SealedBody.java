/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Bodies of up to 64 KB that follow from a number they begin with, so that any mixture or cut shows. */
final class SealedBody {
    private static final int MOST = 64 << 10;

    private SealedBody() {}

    /** The body of a number; its length varies with the number. */
    static byte[] of(long number) {
        SplittableRandom random = new SplittableRandom(number);
        byte[] body = new byte[Long.BYTES + random.nextInt(MOST - Long.BYTES)];
        random.nextBytes(body);
        ByteBuffer.wrap(body).putLong(number);
        return body;
    }

    /** The number of a body, after a check of every byte. */
    static long number(byte[] body) {
        assertThat(body.length).as("length of a body that was read").isGreaterThanOrEqualTo(Long.BYTES);
        long number = ByteBuffer.wrap(body).getLong();
        assertThat(Arrays.mismatch(body, of(number)))
                .as("first byte that does not belong to body %d of length %d", number, body.length)
                .isEqualTo(-1);
        return number;
    }
}
