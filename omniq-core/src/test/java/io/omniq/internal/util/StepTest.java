/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.util;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StepTest {
    @Test
    void doesNothingInItsFirstRoundWhereItIsNotDueYet() {
        AtomicInteger rounds = new AtomicInteger();
        Step step = ((Step) rounds::incrementAndGet).afterOneWait();

        assertThat(step.step()).as("idle").isZero();
        assertThat(rounds).hasValue(0);
        assertThat(step.step()).isEqualTo(1);
        assertThat(step.step()).isEqualTo(2);
    }
}
