/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import com.google.cloud.storage.Bucket;
import com.google.cloud.storage.BucketInfo;
import com.google.cloud.storage.Storage;
import io.omniq.store.ListRequest;
import io.omniq.store.StorageException;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Examines a bucket: the writes OmniQ lives on, on an object of its own, and the settings that cost money or data. */
final class Doctor {
    private static final List<String> PERMISSIONS =
            List.of("storage.objects.create", "storage.objects.delete", "storage.objects.get", "storage.objects.list");

    private final GcsObjectStore store;
    private final Runnable pause;
    private final Map<String, String> steps = new LinkedHashMap<>();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<String> missing = new ArrayList<>();
    private final List<String> advice = new ArrayList<>();

    /**
     * A doctor for one examination.
     *
     * @param pause waits for a little more than the second that must lie between two changes of one object
     */
    Doctor(GcsObjectStore store, Runnable pause) {
        this.store = store;
        this.pause = pause;
    }

    private interface Trial {
        @Nullable
        String fault();
    }

    GcsReport examine() {
        step("reach the bucket", () -> {
            store.list(ListRequest.of("").limit(1));
            return null;
        });
        tryWrites("locks/check/" + UUID.randomUUID() + ".json");
        readSettings();
        askPermissions();
        return new GcsReport(steps, settings, missing, advice, GcsReport.lifecycleRule(store.prefix()));
    }

    private void step(String name, Trial trial) {
        try {
            steps.put(name, Optional.ofNullable(trial.fault()).orElse(GcsReport.OK));
        } catch (RuntimeException e) {
            steps.put(name, String.valueOf(e.getMessage()));
        }
    }

    private void tryWrites(String key) {
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        @Nullable Version[] version = new Version[1];
        step("create an object", () -> {
            WriteOutcome outcome = store.write(List.of(Write.create(key, body))).get(0);
            version[0] = outcome.version().orElse(null);
            return outcome.isApplied() ? null : outcome.toString();
        });
        step("be refused a second create", () -> {
            WriteOutcome outcome = store.write(List.of(Write.create(key, body))).get(0);
            return outcome.status() == WriteOutcome.Status.EXISTS ? null : "conditions are not honoured: " + outcome;
        });
        Version created = version[0];
        if (created == null) {
            return;
        }
        Version[] newest = {created};
        step("read it", () -> store.get(key).isPresent() ? null : "it is not there");
        step("list it", () -> store.list(ListRequest.of(key)).objects().size() == 1 ? null : "it is not listed");
        step("replace it", () -> {
            WriteOutcome outcome = patiently(Write.replace(key, created, body));
            outcome.version().ifPresent(now -> newest[0] = now);
            return outcome.isApplied() ? null : outcome.toString();
        });
        step("delete it", () -> {
            WriteOutcome outcome = patiently(Write.delete(key, newest[0]));
            return outcome.isApplied() ? null : outcome.toString();
        });
    }

    /** The service limits changes of one object to one in a second; that it says so is no fault of the bucket. */
    private WriteOutcome patiently(Write write) {
        WriteOutcome outcome = store.write(List.of(write)).get(0);
        for (int again = 0; again < 2 && isTooSoon(outcome); again++) {
            pause.run();
            outcome = store.write(List.of(write)).get(0);
        }
        return outcome;
    }

    private static boolean isTooSoon(WriteOutcome outcome) {
        return outcome.failure().filter(StorageException::retryLater).isPresent();
    }

    private void readSettings() {
        step("read the bucket's settings", () -> {
            Bucket bucket = store.connection()
                    .storage()
                    .get(
                            store.bucket(),
                            Storage.BucketGetOption.fields(
                                    Storage.BucketField.LOCATION,
                                    Storage.BucketField.STORAGE_CLASS,
                                    Storage.BucketField.VERSIONING,
                                    Storage.BucketField.RETENTION_POLICY,
                                    Storage.BucketField.IAMCONFIGURATION,
                                    Storage.BucketField.SOFT_DELETE_POLICY));
            if (bucket == null) {
                return "the bucket does not exist: bucket=" + store.bucket();
            }
            describe(bucket);
            return null;
        });
    }

    private void describe(Bucket bucket) {
        settings.put("location", String.valueOf(bucket.getLocation()));
        settings.put("storage_class", String.valueOf(bucket.getStorageClass()));
        boolean versioned = Boolean.TRUE.equals(bucket.versioningEnabled());
        settings.put("versioning", Boolean.toString(versioned));
        if (versioned) {
            advice.add("switch object versioning off: every change of a task's entry would be kept, and billed");
        }
        BucketInfo.SoftDeletePolicy softDelete = bucket.getSoftDeletePolicy();
        String kept = softDelete == null || softDelete.getRetentionDuration() == null
                ? "unknown"
                : softDelete.getRetentionDuration().toString();
        settings.put("soft_delete", kept);
        if (!kept.equals("unknown") && !softDelete.getRetentionDuration().isZero()) {
            advice.add("set soft delete to 0: every deleted and replaced object is kept, and billed, for " + kept);
        }
        settings.put(
                "retention",
                bucket.getRetentionPeriodDuration() == null
                        ? "none"
                        : bucket.getRetentionPeriodDuration().toString());
        if (bucket.getRetentionPeriodDuration() != null) {
            advice.add(
                    "remove the retention policy: objects under it can neither be replaced nor deleted, so no task can run");
        }
        BucketInfo.IamConfiguration iam = bucket.getIamConfiguration();
        boolean uniform = iam != null && Boolean.TRUE.equals(iam.isUniformBucketLevelAccessEnabled());
        settings.put("uniform_access", Boolean.toString(uniform));
        if (!uniform) {
            advice.add(
                    "switch uniform bucket-level access on: permissions are then the bucket's alone, and fewer are needed");
        }
    }

    private void askPermissions() {
        try {
            List<Boolean> granted = store.connection().storage().testIamPermissions(store.bucket(), PERMISSIONS);
            for (int i = 0; i < granted.size(); i++) {
                if (!granted.get(i)) {
                    missing.add(PERMISSIONS.get(i));
                }
            }
        } catch (RuntimeException e) {
            advice.add("permissions could not be asked for, the steps above tell: " + e.getMessage());
        }
    }
}
