/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(Quiet.class)
class YearTest {
    private static final int REPEATED = 10;
    private static final int MOST_SEEDS = 1_000;

    @Test
    void oneTaskATickAndNoneLostUnderEverySeed() throws Exception {
        assertThat(Simulate.seeds(0, Long.getLong("omniq.sim.years", 100), Year::run)
                        .examples())
                .isEmpty();
    }

    @Tag("mutation")
    @ParameterizedTest
    @EnumSource(ScheduleMutation.class)
    void isFound(ScheduleMutation mutation) {
        FirstFinding finding = FirstFinding.within(MOST_SEEDS, seed -> Year.run(seed, mutation::on, new Trace()));

        System.out.println(mutation + " found after " + finding.tried() + " years: " + finding.message());
        assertThat(finding.message())
                .as("%s must be found within %s years", mutation, MOST_SEEDS)
                .isNotNull();
    }

    @Test
    void aYearIsAFunctionOfItsSeed() {
        assertThat(LongStream.range(0, REPEATED).mapToObj(Year::run))
                .containsExactlyElementsOf(
                        LongStream.range(0, REPEATED).mapToObj(Year::run).toList());
    }
}
