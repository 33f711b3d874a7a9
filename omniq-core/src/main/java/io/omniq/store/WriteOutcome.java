/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.store;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of one write of a group. Three kinds, never two: it was applied; it was not; nobody knows.
 *
 * <table>
 * <caption>Outcomes and what the caller does next</caption>
 * <tr><th>status</th><th>of</th><th>meaning</th><th>next</th></tr>
 * <tr><td>APPLIED</td><td>any</td><td>done; {@link #version()} is the new version (none after a delete)</td><td>go on</td></tr>
 * <tr><td>EXISTS</td><td>create</td><td>another object has the key</td><td>read it</td></tr>
 * <tr><td>CONFLICT</td><td>replace, delete</td><td>the object has another version</td><td>read it</td></tr>
 * <tr><td>ABSENT</td><td>replace, delete</td><td>there is no object; says nothing about who removed it</td><td>treat as lost</td></tr>
 * <tr><td>FAILED</td><td>any</td><td>surely not applied; {@link #failure()} says why</td><td>retry if retryable</td></tr>
 * <tr><td>UNKNOWN</td><td>any</td><td>may have been applied, or may yet be</td><td>read and compare nonces</td></tr>
 * </table>
 */
public final class WriteOutcome {
    /** The kinds of outcome. */
    public enum Status {
        /** The write took effect. */
        APPLIED,
        /** A create met an object. */
        EXISTS,
        /** A replace or delete met another version. */
        CONFLICT,
        /** A replace or delete met no object. */
        ABSENT,
        /** The write failed before it took effect. */
        FAILED,
        /** The write failed, and may or may not have taken effect. */
        UNKNOWN
    }

    private final Status status;
    private final @Nullable Version version;
    private final @Nullable StorageException failure;

    private WriteOutcome(Status status, @Nullable Version version, @Nullable StorageException failure) {
        this.status = status;
        this.version = version;
        this.failure = failure;
    }

    /**
     * The write took effect.
     *
     * @param version the object's new version; {@code null} after a delete
     * @return the outcome
     */
    public static WriteOutcome applied(@Nullable Version version) {
        return new WriteOutcome(Status.APPLIED, version, null);
    }

    /**
     * A condition did not hold.
     *
     * @param status {@link Status#EXISTS}, {@link Status#CONFLICT} or {@link Status#ABSENT}
     * @return the outcome
     */
    public static WriteOutcome refused(Status status) {
        if (status != Status.EXISTS && status != Status.CONFLICT && status != Status.ABSENT) {
            throw new IllegalArgumentException("not a refusal: status=" + status);
        }
        return new WriteOutcome(status, null, null);
    }

    /**
     * The write failed and surely did not take effect.
     *
     * @param failure why
     * @return the outcome
     */
    public static WriteOutcome failed(StorageException failure) {
        return new WriteOutcome(Status.FAILED, null, Objects.requireNonNull(failure, "failure"));
    }

    /**
     * The write failed; it may have taken effect, and may even do so later.
     *
     * @param failure why
     * @return the outcome
     */
    public static WriteOutcome unknown(StorageException failure) {
        return new WriteOutcome(Status.UNKNOWN, null, Objects.requireNonNull(failure, "failure"));
    }

    /** {@return the kind of outcome} */
    public Status status() {
        return status;
    }

    /** {@return whether the write took effect} */
    public boolean isApplied() {
        return status == Status.APPLIED;
    }

    /** {@return the new version after an applied create or replace, else empty} */
    public Optional<Version> version() {
        return Optional.ofNullable(version);
    }

    /** {@return why it failed, for {@link Status#FAILED} and {@link Status#UNKNOWN}, else empty} */
    public Optional<StorageException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public String toString() {
        return status + (version == null ? "" : " " + version) + (failure == null ? "" : " " + failure.getMessage());
    }
}
