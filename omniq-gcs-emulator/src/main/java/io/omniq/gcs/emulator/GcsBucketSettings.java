/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.time.Duration;
import java.util.Objects;

/**
 * How a bucket behaves. Immutable; each method returns a changed copy.
 *
 * <p>A bucket of {@link #named(String)} keeps nothing that was deleted, which is what a queue wants. A bucket created
 * over the wire keeps deleted objects for seven days unless told otherwise, as on GCS.
 */
public final class GcsBucketSettings {
    private final String name;
    private final String location;
    private final String storageClass;
    private final boolean versioning;
    private final boolean uniformAccess;
    private final Duration softDelete;
    private final Duration retention;

    GcsBucketSettings(
            String name,
            String location,
            String storageClass,
            boolean versioning,
            boolean uniformAccess,
            Duration softDelete,
            Duration retention) {
        this.name = name;
        this.location = location;
        this.storageClass = storageClass;
        this.versioning = versioning;
        this.uniformAccess = uniformAccess;
        this.softDelete = softDelete;
        this.retention = retention;
    }

    /**
     * A bucket in one region, Standard storage, uniform access; no versions, no soft delete, no retention.
     *
     * @param name its name
     * @return the settings
     */
    public static GcsBucketSettings named(String name) {
        Objects.requireNonNull(name, "name");
        return new GcsBucketSettings(name, "US-CENTRAL1", "STANDARD", false, true, Duration.ZERO, Duration.ZERO);
    }

    /** {@return with old generations kept} */
    public GcsBucketSettings versioned() {
        return versioning(true);
    }

    /**
     * With soft delete.
     *
     * @param kept how long what was deleted or overwritten is kept and billed; zero switches it off
     * @return the changed settings
     */
    public GcsBucketSettings softDelete(Duration kept) {
        return new GcsBucketSettings(name, location, storageClass, versioning, uniformAccess, kept, retention);
    }

    /**
     * With a retention policy.
     *
     * @param period how long an object can be neither deleted nor overwritten; zero switches it off
     * @return the changed settings
     */
    public GcsBucketSettings retention(Duration period) {
        return new GcsBucketSettings(name, location, storageClass, versioning, uniformAccess, softDelete, period);
    }

    /** {@return with access lists for each object, that is without uniform access} */
    public GcsBucketSettings fineGrainedAccess() {
        return uniformAccess(false);
    }

    /**
     * In another place.
     *
     * @param place a region or multi-region
     * @return the changed settings
     */
    public GcsBucketSettings location(String place) {
        return new GcsBucketSettings(name, place, storageClass, versioning, uniformAccess, softDelete, retention);
    }

    GcsBucketSettings storageClass(String changed) {
        return new GcsBucketSettings(name, location, changed, versioning, uniformAccess, softDelete, retention);
    }

    GcsBucketSettings versioning(boolean changed) {
        return new GcsBucketSettings(name, location, storageClass, changed, uniformAccess, softDelete, retention);
    }

    GcsBucketSettings uniformAccess(boolean changed) {
        return new GcsBucketSettings(name, location, storageClass, versioning, changed, softDelete, retention);
    }

    /** {@return the name of the bucket} */
    public String name() {
        return name;
    }

    String location() {
        return location;
    }

    String storageClass() {
        return storageClass;
    }

    boolean isVersioned() {
        return versioning;
    }

    boolean hasUniformAccess() {
        return uniformAccess;
    }

    Duration softDelete() {
        return softDelete;
    }

    Duration retention() {
        return retention;
    }

    @Override
    public String toString() {
        return "GcsBucketSettings[name=" + name + "]";
    }
}
