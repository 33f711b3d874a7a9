/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.Names;
import io.omniq.model.Ulid;
import java.time.Instant;

/** Ids of batches and of the tasks in them: {@code <ulid>-b} and {@code <ulid>-b.<n>}. Only the library makes them. */
final class BatchIds {
    private static final char POINT = '.';

    private BatchIds() {}

    static String next(Ulid ids, Instant now) {
        return ids.next(now) + "-b";
    }

    static String member(String batch, int number) {
        return batch + POINT + number;
    }

    static boolean isBatch(String id) {
        return Names.isBatchId(id);
    }

    static boolean isMember(String id) {
        return id.indexOf(POINT) >= 0 && Names.isMemberId(id);
    }

    /** The batch of a member. */
    static String batch(String member) {
        return member.substring(0, member.indexOf(POINT));
    }

    /** Which one of its batch a member is. */
    static int number(String member) {
        return Integer.parseInt(member.substring(member.indexOf(POINT) + 1));
    }
}
