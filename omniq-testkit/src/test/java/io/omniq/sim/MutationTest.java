/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(Quiet.class)
class MutationTest {
    private static final int SEEDS = 20_000;

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
                        BatchMutation.values())
                .flatMap(Arrays::stream);
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void isFound(Mutation mutation) {
        AtomicLong next = new AtomicLong();
        AtomicReference<String> found = new AtomicReference<>();
        IntStream.range(0, Runtime.getRuntime().availableProcessors())
                .parallel()
                .forEach(thread -> search(mutation, next, found));

        System.out.println(mutation + " found after " + next + " seeds: " + found);
        assertThat(found.get())
                .as("%s must be found within %s seeds", mutation, SEEDS)
                .isNotNull();
    }

    private static void search(Mutation mutation, AtomicLong next, AtomicReference<String> found) {
        for (long seed = next.getAndIncrement(); found.get() == null && seed < SEEDS; seed = next.getAndIncrement()) {
            Plan plan = Plan.of(seed);
            // Bugs of single tasks are made as if there were no batches.
            if (!mutation.concerns(plan) || (plan.batchers > 0) != (mutation instanceof BatchMutation)) {
                continue;
            }
            try {
                Scenario.run(seed, mutation::on, new Trace());
            } catch (AssertionError e) {
                found.compareAndSet(null, e.getMessage());
            }
        }
    }
}
