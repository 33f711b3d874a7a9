/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MutationTest {
    private static final int SEEDS = 20_000;

    @ParameterizedTest
    @EnumSource(Mutation.class)
    void isFound(Mutation mutation) {
        String found = null;
        long seed = 0;
        while (found == null && seed < SEEDS) {
            try {
                Scenario.run(seed++, mutation::on);
            } catch (AssertionError e) {
                found = e.getMessage();
            }
        }

        System.out.println(mutation + " found after " + seed + " seeds: " + found);
        assertThat(found)
                .as("%s must be found within %s seeds", mutation, SEEDS)
                .isNotNull();
    }
}
