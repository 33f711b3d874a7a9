/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.IOException;

/** How fast files are made. */
@FunctionalInterface
interface Pace {
    /** As fast as it goes. */
    Pace HURRY = () -> {};

    /** Called after each file. */
    void rest() throws IOException;
}
