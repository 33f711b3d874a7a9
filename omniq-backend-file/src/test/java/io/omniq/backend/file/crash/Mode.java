/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import java.util.Locale;

/** What is done to the processes. */
enum Mode {
    /** SIGKILL at random moments, and SIGSTOP for longer than a lease. */
    KILL,
    /** Workers are restarted by SIGTERM, one after the other. */
    ROLLING,
    /** The disk is full, has a little room, and is full again; with SIGKILLs. */
    FULL_DISK;

    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Mode of(String text) {
        for (Mode mode : values()) {
            if (mode.text().equals(text)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("there is no such mode: mode=" + text);
    }
}
