/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt of a member of a batch ended, to be written together with others.
 *
 * @param claim the attempt
 * @param outcome its outcome, or null
 * @param own the entry it leaves the batch for, or null; with neither it stays in the batch, or is nobody's business any more
 * @param then told what became of it
 */
record MemberEnd(
        HeldClaim claim,
        @Nullable Outcome outcome,
        @Nullable Entry own,
        Consumer<Settlement> then) {

    static MemberEnd ended(HeldClaim claim, Outcome outcome, Consumer<Settlement> then) {
        return new MemberEnd(claim, outcome, null, then);
    }

    static MemberEnd leaves(HeldClaim claim, Entry own, Consumer<Settlement> then) {
        return new MemberEnd(claim, null, own, then);
    }

    static MemberEnd stays(HeldClaim claim) {
        return new MemberEnd(claim, null, null, settlement -> {});
    }

    HeldBatch batch() {
        return java.util.Objects.requireNonNull(claim.batch(), "batch");
    }

    int number() {
        return BatchIds.number(claim.taskId());
    }
}
