/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.cost;

import io.omniq.internal.util.Step;
import io.omniq.internal.util.StepRunner;
import io.omniq.testkit.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Calls duties when they are due, on a clock that it moves itself: an hour takes as long as its work. */
final class Agenda {
    private final TestClock clock;
    private final List<Duty> duties = new ArrayList<>();

    Agenda(TestClock clock) {
        this.clock = clock;
    }

    /** A duty, and when it comes next. */
    final class Duty {
        private final Step step;
        private final StepRunner.Pace pace;
        private int idleRounds;
        private long due = clock.nanos();

        private Duty(Step step, StepRunner.Pace pace) {
            this.step = step;
            this.pace = pace;
        }

        /** As a runner's thread does it. */
        private void run() {
            int done = step.step();
            idleRounds = done > 0 ? 0 : idleRounds + 1;
            due = clock.nanos() + pace.next(done, idleRounds).toNanos();
        }

        void wake() {
            due = clock.nanos();
        }
    }

    Duty add(Step step, StepRunner.Pace pace) {
        Duty duty = new Duty(step, pace);
        duties.add(duty);
        return duty;
    }

    /** Lets time pass. What is due at its end is not done yet. */
    void pass(Duration time) {
        long end = clock.nanos() + time.toNanos();
        while (true) {
            Duty next = duties.stream()
                    .min(Comparator.comparingLong(duty -> duty.due))
                    .orElseThrow();
            if (next.due >= end) {
                clock.advance(Duration.ofNanos(end - clock.nanos()));
                return;
            }
            clock.advance(Duration.ofNanos(Math.max(0, next.due - clock.nanos())));
            next.run();
        }
    }
}
