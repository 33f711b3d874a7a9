/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("mutation")
@ExtendWith(Quiet.class)
class MutationTest {
    private static final int SEEDS = 60_000;

    static Stream<Mutation> mutations() {
        return Stream.<Mutation[]>of(
                        ClaimMutation.values(),
                        OutcomeMutation.values(),
                        EnqueueMutation.values(),
                        LivenessMutation.values(),
                        RepairMutation.values(),
                        FollowerMutation.values(),
                        MoveMutation.values(),
                        RivalMutation.values(),
                        BirthMutation.values(),
                        BatchMutation.values())
                .flatMap(Arrays::stream);
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void isFound(Mutation mutation) {
        FirstFinding finding = FirstFinding.within(SEEDS, seed -> {
            Plan plan = Plan.of(seed);
            // Bugs of single tasks are made as if there were no batches.
            if (mutation.concerns(plan) && (plan.batchers > 0) == (mutation instanceof BatchMutation)) {
                Scenario.run(seed, mutation::on, new Trace());
            }
        });

        System.out.println(mutation + " found after " + finding.tried() + " seeds: " + finding.message());
        assertThat(finding.message())
                .as("%s must be found within %s seeds", mutation, SEEDS)
                .isNotNull();
    }
}
