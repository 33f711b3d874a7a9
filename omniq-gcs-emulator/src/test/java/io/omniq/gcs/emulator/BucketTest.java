/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.gcs.emulator.Wire.Got;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BucketTest {
    private final TestTime time = new TestTime("2026-03-04T05:06:07Z");
    private final GcsEmulator emulator = GcsEmulator.builder()
            .bucket("b")
            .bucket(GcsBucketSettings.named("versioned").versioned())
            .bucket(GcsBucketSettings.named("retained")
                    .retention(Duration.ofHours(1))
                    .fineGrainedAccess())
            .clock(time)
            .start();
    private final Wire wire = new Wire(emulator);

    @AfterEach
    void close() {
        emulator.close();
    }

    @Test
    void bucketsShowWhatAStartCheckLooksFor() throws IOException {
        Got plain = wire.send("GET", "/storage/v1/b/b");
        Got retained = wire.send("GET", "/storage/v1/b/retained");

        assertThat(plain.json().path("name").asText()).isEqualTo("b");
        assertThat(plain.json().path("location").asText()).isEqualTo("US-CENTRAL1");
        assertThat(plain.json().path("storageClass").asText()).isEqualTo("STANDARD");
        assertThat(plain.json().at("/versioning/enabled").asBoolean(true)).isFalse();
        assertThat(plain.json().at("/softDeletePolicy/retentionDurationSeconds").asText())
                .isEqualTo("0");
        assertThat(plain.json()
                        .at("/iamConfiguration/uniformBucketLevelAccess/enabled")
                        .asBoolean())
                .isTrue();
        assertThat(plain.json().has("retentionPolicy")).isFalse();
        assertThat(retained.json().at("/retentionPolicy/retentionPeriod").asText())
                .isEqualTo("3600");
        assertThat(retained.json()
                        .at("/iamConfiguration/uniformBucketLevelAccess/enabled")
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void missingBucketsAre404() throws IOException {
        Got missing = wire.send("GET", "/storage/v1/b/none");

        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.reason()).isEqualTo("notFound");
    }

    @Test
    void aBucketMadeOverTheWireKeepsDeletedObjectsForAWeek() throws IOException {
        Got made = wire.send("POST", "/storage/v1/b?project=p", "{\"name\":\"new\",\"location\":\"EU\"}");
        Got twice = wire.send("POST", "/storage/v1/b?project=p", "{\"name\":\"new\"}");

        assertThat(made.json().at("/softDeletePolicy/retentionDurationSeconds").asText())
                .isEqualTo("604800");
        assertThat(made.json().path("location").asText()).isEqualTo("EU");
        assertThat(twice.status()).isEqualTo(409);
        assertThat(wire.send("GET", "/storage/v1/b?project=p").names())
                .containsExactly("b", "new", "retained", "versioned");
    }

    @Test
    void softDeleteIsSwitchedOffByZeroNotByNull() throws IOException {
        wire.send("POST", "/storage/v1/b?project=p", "{\"name\":\"new\"}");

        Got off =
                wire.send("PATCH", "/storage/v1/b/new", "{\"softDeletePolicy\":{\"retentionDurationSeconds\":\"0\"}}");
        Got restored = wire.send("PATCH", "/storage/v1/b/new", "{\"softDeletePolicy\":null}");

        assertThat(off.json().at("/softDeletePolicy/retentionDurationSeconds").asText())
                .isEqualTo("0");
        assertThat(restored.json()
                        .at("/softDeletePolicy/retentionDurationSeconds")
                        .asText())
                .isEqualTo("604800");
    }

    @Test
    void onlyEmptyBucketsAreDeleted() throws IOException {
        wire.insert("a", "");
        assertThat(wire.send("DELETE", "/storage/v1/b/b").status()).isEqualTo(409);
        wire.delete("a");

        assertThat(wire.send("DELETE", "/storage/v1/b/b").status()).isEqualTo(204);
        assertThat(wire.send("GET", "/storage/v1/b/b").status()).isEqualTo(404);
    }

    @Test
    void everyPermissionIsGranted() throws IOException {
        Got granted = wire.send(
                "GET",
                "/storage/v1/b/b/iam/testPermissions?permissions=storage.objects.create"
                        + "&permissions=storage.objects.delete");

        assertThat(granted.json().path("permissions").toString())
                .isEqualTo("[\"storage.objects.create\",\"storage.objects.delete\"]");
    }

    @Test
    void versionsStayReadableUntilTheyAreDeletedThemselves() throws IOException {
        String upload = "/upload/storage/v1/b/versioned/o?uploadType=media&name=a";
        String object = "/storage/v1/b/versioned/o/a";
        long first = wire.send("POST", upload, "1").generation();
        long second = wire.send("POST", upload, "22").generation();

        assertThat(wire.send("GET", object + "?alt=media&generation=" + first).text())
                .isEqualTo("1");
        assertThat(emulator.keptBytes("versioned")).isEqualTo(1);
        assertThat(wire.send("DELETE", object).status()).isEqualTo(204);
        assertThat(wire.send("GET", object).status()).isEqualTo(404);
        assertThat(wire.send("GET", "/storage/v1/b/versioned/o?versions=true&maxResults=1")
                        .json()
                        .at("/items/0/generation")
                        .asLong())
                .isEqualTo(first);
        assertThat(wire.send("DELETE", object + "?generation=" + first).status())
                .isEqualTo(204);
        Got left = wire.send("GET", "/storage/v1/b/versioned/o?versions=true");
        assertThat(left.json().path("items")).hasSize(1);
        assertThat(left.json().at("/items/0/generation").asLong()).isEqualTo(second);
        assertThat(left.json().at("/items/0/timeDeleted").asText()).startsWith("2026-03-04");
    }

    @Test
    void retainedObjectsCannotBeChanged() throws IOException {
        String upload = "/upload/storage/v1/b/retained/o?uploadType=media&name=a";
        wire.send("POST", upload, "1");

        Got refused = wire.send("DELETE", "/storage/v1/b/retained/o/a");

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.reason()).isEqualTo("retentionPolicyNotMet");
        assertThat(wire.send("POST", upload, "2").status()).isEqualTo(403);
        time.pass(Duration.ofHours(1));
        assertThat(wire.send("DELETE", "/storage/v1/b/retained/o/a").status()).isEqualTo(204);
    }

    @Test
    void aTokenMayBeRequired() throws IOException {
        try (GcsEmulator guarded =
                GcsEmulator.builder().bucket("b").bearerToken("secret").start()) {
            Wire other = new Wire(guarded);
            Got none = other.list();
            Got wrong = other.send("GET", "/storage/v1/b/b/o", new byte[0], "Authorization", "Bearer x");
            Got right = other.send("GET", "/storage/v1/b/b/o", new byte[0], "Authorization", "Bearer secret");

            assertThat(none.status()).isEqualTo(401);
            assertThat(none.reason()).isEqualTo("required");
            assertThat(wrong.status()).isEqualTo(401);
            assertThat(wrong.reason()).isEqualTo("authError");
            assertThat(right.status()).isEqualTo(200);
        }
    }

    @Test
    void unknownBucketsAreNamedToTheTest() {
        assertThatThrownBy(() -> emulator.liveBytes("none")).hasMessageContaining("bucket=none");
        assertThatThrownBy(() -> GcsEmulator.builder().bucket("x").bucket("x").start())
                .hasMessageContaining("bucket=x");
    }
}
