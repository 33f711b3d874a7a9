/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few seconds of each mode; {@code bin/crash-test} does it for longer. */
class CrashTest {
    private static final long SEED = 5;

    @TempDir
    Path temp;

    @BeforeEach
    void signalsCanBeSent() throws InterruptedException {
        Assumptions.assumeTrue(ChildProcess.isPossible(), "processes cannot be sent signals here");
    }

    @Test
    void killedAndStoppedProcessesLoseNothingAndRecordNothingTwice() throws Exception {
        Summary summary = run(Mode.KILL, 3).orElseThrow();

        assertThat(summary.violations()).as(summary.json(Mode.KILL)).isEmpty();
        assertThat(summary.numbers().get("kills") + summary.numbers().get("stops"))
                .isPositive();
    }

    @Test
    void aRollingRestartBurnsNoAttemptAndRepeatsNothingThatHadFinished() throws Exception {
        Summary summary = run(Mode.ROLLING, 3).orElseThrow();

        assertThat(summary.violations()).as(summary.json(Mode.ROLLING)).isEmpty();
        assertThat(summary.numbers().get("restarts")).isPositive();
    }

    @Test
    void aFullDiskLosesNothingAndDamagesNothing() throws Exception {
        Optional<Summary> summary = run(Mode.FULL_DISK, 5);
        Assumptions.assumeTrue(summary.isPresent(), "a small disk can only be mounted by root on Linux");

        assertThat(summary.get().violations())
                .as(summary.get().json(Mode.FULL_DISK))
                .isEmpty();
        assertThat(summary.get().numbers().get("refusals")).isPositive();
    }

    private Optional<Summary> run(Mode mode, int seconds) throws IOException, InterruptedException {
        return CrashRun.run(new CrashOptions(Duration.ofSeconds(seconds), SEED, mode), temp);
    }
}
