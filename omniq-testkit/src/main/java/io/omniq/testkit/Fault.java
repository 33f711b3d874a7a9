/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

/** What can go wrong between a caller and a store, as a {@link FaultyObjectStore} plays it. */
public enum Fault {
    /** The operation fails before it has any effect: a read throws, a write answers {@code FAILED}. Retryable. */
    FAIL(Scope.EVERYTHING),

    /** A whole group of writes fails before any of them was tried: the call throws. Retryable. */
    FAIL_GROUP(Scope.WRITES),

    /** The write never reaches the store, and the caller cannot know: {@code UNKNOWN}, not applied. */
    LOST_REQUEST(Scope.WRITES),

    /** The write reaches the store and its answer is lost: {@code UNKNOWN}, applied if its condition held. */
    LOST_ANSWER(Scope.WRITES),

    /** The write is on its way for longer than the caller waits: {@code UNKNOWN}, applied by a later call or never. */
    LATE(Scope.WRITES),

    /**
     * A client library sends the write again after it was applied: the caller is told {@code EXISTS}, {@code CONFLICT}
     * or {@code ABSENT} about its own success. Has no effect on a write that was refused in the first place.
     */
    REPEATED(Scope.WRITES),

    /**
     * Somebody else writes the object just before: same body and attributes, new version, so that the write meets a true
     * {@code CONFLICT}. Has no effect where the write would have been refused anyway.
     */
    OVERTAKEN(Scope.CHANGES),

    /** The listing is answered from an earlier moment; no store may do this, but a protocol should survive it. */
    STALE_LIST(Scope.LISTINGS);

    /** Which operations a fault can hit. */
    private enum Scope {
        EVERYTHING,
        WRITES,
        CHANGES,
        LISTINGS;

        boolean includes(StoreOperation operation) {
            return switch (operation) {
                case GET -> this == EVERYTHING;
                case LIST -> this == EVERYTHING || this == LISTINGS;
                case CREATE -> this == EVERYTHING || this == WRITES;
                case REPLACE, DELETE -> this != LISTINGS;
            };
        }
    }

    private final Scope scope;

    Fault(Scope scope) {
        this.scope = scope;
    }

    /**
     * Whether this can happen to an operation.
     *
     * @param operation the operation
     * @return whether {@link FaultyObjectStore} can inject this fault into it
     */
    public boolean canHit(StoreOperation operation) {
        return scope.includes(operation);
    }
}
