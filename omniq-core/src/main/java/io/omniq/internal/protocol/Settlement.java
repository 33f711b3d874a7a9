/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

/** What became of the end of an attempt. */
public enum Settlement {
    /** The outcome, or the change of the entry, landed. */
    LANDED,
    /** Another outcome was recorded first, or the claim was lost. Nothing was changed. */
    LOST,
    /** Cancellation was requested meanwhile; "cancelled" is recorded instead of another attempt. */
    CANCELLED,
    /** It will be written together with those of other tasks of its batch; what becomes of it is told then. */
    HANDED_OVER
}
