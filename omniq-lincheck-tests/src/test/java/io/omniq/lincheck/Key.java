/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.lincheck;

/** The keys all threads fight for. */
public enum Key {
    /** Its object is there at the beginning, and every thread knows its version. */
    PRESENT,
    /** Has no object at the beginning. */
    MISSING
}
