/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.peers;

import io.omniq.benchmarks.Subject;
import java.nio.file.Path;

/**
 * A system under test, as it is set up.
 *
 * @param id short, for the command line of a child
 * @param name its name and version
 * @param store where it keeps tasks
 * @param durability what an acknowledged task survives
 * @param settings what was set other than by default, for people
 * @param opener opens it
 */
record PeerSystem(String id, String name, String store, Durability durability, String settings, Opener opener) {
    /** Opens a system. */
    @FunctionalInterface
    interface Opener {
        /**
         * Opens it.
         *
         * @param directory where its files are, and perhaps were before
         * @param sharing whether several processes use the directory at once
         * @param handler what its tasks do
         */
        Peer open(Path directory, Sharing sharing, Handler handler);
    }

    /** How many processes use a directory at once. */
    enum Sharing {
        ALONE,
        SHARED
    }

    Peer open(Path directory, Sharing sharing, Handler handler) {
        return opener.open(directory, sharing, handler);
    }

    Subject subject() {
        return new Subject(name, store, durability.text(), settings);
    }
}
