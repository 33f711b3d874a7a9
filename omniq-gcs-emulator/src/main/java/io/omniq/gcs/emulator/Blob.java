/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One generation of one object, as it was at one metageneration.
 *
 * @param created when this generation came to be
 * @param updated when this metageneration came to be
 * @param ended when it was deleted or overwritten, if it was and is still kept
 * @param removed until when it is kept, if it was soft-deleted
 */
record Blob(
        String bucket,
        String name,
        long generation,
        long metageneration,
        Content content,
        Attributes attributes,
        Instant created,
        Instant updated,
        @Nullable Instant ended,
        @Nullable Instant removed) {
    static Blob fresh(String bucket, String name, long generation, Draft draft, Instant now) {
        return new Blob(bucket, name, generation, 1, draft.content(), draft.attributes(), now, now, null, null);
    }

    Blob changed(Attributes other, Instant now) {
        return new Blob(bucket, name, generation, metageneration + 1, content, other, created, now, ended, removed);
    }

    Blob noncurrent(Instant now) {
        return new Blob(bucket, name, generation, metageneration, content, attributes, created, updated, now, null);
    }

    Blob softDeleted(Instant now, Instant until) {
        return new Blob(bucket, name, generation, metageneration, content, attributes, created, updated, now, until);
    }

    Draft draft() {
        return new Draft(content, attributes);
    }

    boolean isGoneBy(Instant now) {
        return removed != null && !now.isBefore(removed);
    }
}
