/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.gcs.emulator.GcsBucketSettings;
import io.omniq.gcs.emulator.GcsEmulator;
import io.omniq.gcs.emulator.GcsEmulatorBuilder;
import io.omniq.gcs.emulator.GcsFault;
import io.omniq.gcs.emulator.GcsMethod;
import io.omniq.store.ListRequest;
import java.time.Duration;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What {@link GcsBackend#check()} finds. */
class GcsDoctorTest {
    private static GcsReport check(GcsEmulator emulator, String bucket) {
        try (GcsBackend backend =
                GcsBackend.builder(bucket).endpoint(emulator.endpoint()).build()) {
            return backend.check();
        }
    }

    private static GcsReport check(GcsEmulatorBuilder settings) {
        try (GcsEmulator emulator = settings.start()) {
            return check(emulator, "b");
        }
    }

    @Test
    void aGoodBucketIsUsableAndNeedsNoAdvice() {
        try (GcsEmulator emulator = GcsEmulator.builder().bucket("b").start()) {
            GcsReport report = check(emulator, "b");

            assertThat(report.isUsable()).as(report.toString()).isTrue();
            assertThat(report.advice()).isEmpty();
            assertThat(report.missingPermissions()).isEmpty();
            assertThat(report.bucket()).containsEntry("versioning", "false").containsEntry("uniform_access", "true");
            assertThat(report.toString())
                    .contains(
                            "omniq/results/", "omniq/events/", "recommended", "estimated cost", "create an object: ok");
            assertThat(GcsBackend.builder("b")
                            .endpoint(emulator.endpoint())
                            .build()
                            .store()
                            .list(ListRequest.of(""))
                            .objects())
                    .as("nothing is left behind")
                    .isEmpty();
        }
    }

    @Test
    void aBucketThatLimitsChangesIsUsableToo() {
        assertThat(check(GcsEmulator.builder().bucket("b").limitMutations()).steps())
                .allSatisfy((step, outcome) -> assertThat(outcome).as(step).isEqualTo("ok"));
    }

    @Test
    void costlySettingsAreNamed() {
        GcsReport report = check(GcsEmulator.builder()
                .bucket(GcsBucketSettings.named("b")
                        .versioned()
                        .softDelete(Duration.ofDays(7))
                        .fineGrainedAccess()));

        assertThat(report.isUsable()).isTrue();
        assertThat(String.join("\n", report.advice()))
                .contains("object versioning off", "soft delete to 0", "uniform bucket-level access");
    }

    @Test
    void aRetentionPolicyMakesABucketUseless() {
        GcsReport report =
                check(GcsEmulator.builder().bucket(GcsBucketSettings.named("b").retention(Duration.ofDays(1))));

        assertThat(report.isUsable()).isFalse();
        assertThat(report.advice()).anySatisfy(line -> assertThat(line).contains("retention policy"));
        assertThat(report.steps().get("delete it")).contains("retention policy");
    }

    @Test
    void aMissingPermissionStandsWithItsStep() {
        try (GcsEmulator emulator = GcsEmulator.builder().bucket("b").start()) {
            emulator.faults().fail(9, call -> call.method() == GcsMethod.OBJECTS_INSERT, GcsFault.errorBefore(403));
            emulator.faults().failNext(GcsMethod.BUCKETS_GET, GcsFault.errorBefore(403));

            GcsReport report = check(emulator, "b");

            assertThat(report.isUsable()).isFalse();
            assertThat(report.steps().get("create an object")).contains("storage.objects.create");
            assertThat(report.steps().get("reach the bucket")).isEqualTo("ok");
        }
    }

    @Test
    void aMissingBucketIsNamed() {
        try (GcsEmulator emulator = GcsEmulator.start()) {
            GcsReport report = check(emulator, "nowhere");

            assertThat(report.isUsable()).isFalse();
            assertThat(report.steps().get("reach the bucket")).contains("bucket=nowhere");
        }
    }

    @Test
    void theEstimateIsTheBudgetTimesThePrice() {
        assertThat(GcsReport.estimatedMonthlyCost(1_000_000, 0)).isCloseTo(643.2, Offset.offset(0.01));
        assertThat(GcsReport.estimatedMonthlyCost(0, 1)).isCloseTo(4.03, Offset.offset(0.01));
    }
}
