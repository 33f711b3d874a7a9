/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.store.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A line of a queue's listing that may be worth a claim. */
final class Candidate {
    final String key;
    /** When this version was first seen, in the claimer's count of observations. */
    long seen;

    Version version;
    /** When it was changed last, by the store's clock. */
    Instant updated;
    /** As far as it is known; null until it was read. */
    @Nullable
    Entry entry;
    /** Whether it could not be read when it was its turn; it has another one after the next listing. */
    boolean passedOver;
    /** Whether {@link #entry} is all there is, so that it can be written back. */
    boolean whole;
    /** Whether it was looked whether its task has ended. */
    boolean lookedAt;

    Candidate(String key, Version version, Instant updated) {
        this.key = key;
        this.version = version;
        this.updated = updated;
    }
}
