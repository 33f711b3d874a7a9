/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A short run of {@link GcsCrashRun}; the long ones are CI's. */
class GcsCrashTest {
    @Test
    void nothingIsLostWhenProcessesAreKilledAndTheWireFails() throws Exception {
        assertThat(GcsCrashRun.isGood(GcsCrashOptions.of(List.of("--seconds", "6"), 1)))
                .isTrue();
    }
}
