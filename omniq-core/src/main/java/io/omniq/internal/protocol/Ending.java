/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.EventType;
import io.omniq.model.ResultStatus;

/** The ends a task can meet without running. */
enum Ending {
    /** Its time to live passed before its first start. */
    EXPIRED(ResultStatus.EXPIRED, EventType.EXPIRED, "not started within its time to live"),
    /** The workers that ran it died, again and again. */
    POISONED(ResultStatus.ERROR, EventType.FAILED, "the workers that ran it died, 3 in a row");

    /** At this many deaths in a row a task is given up. */
    static final int MAX_CRASHES = 3;

    final ResultStatus status;
    final EventType event;
    final String reason;

    Ending(ResultStatus status, EventType event, String reason) {
        this.status = status;
        this.event = event;
        this.reason = reason;
    }
}
