/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Quiet.class)
class YearTest {
    private static final int REPEATED = 10;

    @Test
    void oneTaskATickAndNoneLostUnderEverySeed() throws Exception {
        assertThat(Simulate.seeds(0, Long.getLong("omniq.sim.years", 200), Year::run)
                        .examples())
                .isEmpty();
    }

    @Test
    void aYearIsAFunctionOfItsSeed() {
        assertThat(LongStream.range(0, REPEATED).mapToObj(Year::run))
                .containsExactlyElementsOf(
                        LongStream.range(0, REPEATED).mapToObj(Year::run).toList());
    }
}
