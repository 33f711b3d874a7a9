/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

/**
 * An answer and how much of it reaches the client.
 *
 * @param answer what the server thinks it sends
 * @param sent how many bytes of the body leave before the connection is closed; {@link #WHOLE} for an honest answer,
 *     {@link #NOTHING} if not even the status does
 */
record Reply(Answer answer, long sent) {
    static final long WHOLE = -1;
    static final long NOTHING = -2;

    static Reply whole(Answer answer) {
        return new Reply(answer, WHOLE);
    }

    static Reply lost(Answer answer) {
        return new Reply(answer, NOTHING);
    }

    /** An answer without so much body is lost whole. */
    static Reply cut(Answer answer, long bytes) {
        return answer.body().length <= bytes ? lost(answer) : new Reply(answer, bytes);
    }

    boolean isWhole() {
        return sent == WHOLE;
    }

    boolean isLost() {
        return sent == NOTHING;
    }
}
