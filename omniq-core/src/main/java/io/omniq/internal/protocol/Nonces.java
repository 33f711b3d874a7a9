/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import java.util.random.RandomGenerator;

/** Makes the nonces by which a body is known as one's own. */
final class Nonces {
    private final RandomGenerator random;

    Nonces(RandomGenerator random) {
        this.random = random;
    }

    /** {@return 16 hexadecimal digits} */
    String next() {
        return java.util.HexFormat.of().toHexDigits(random.nextLong());
    }
}
