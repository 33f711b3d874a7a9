/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The stripes of one directory, shared by all stores this process has open on it. Which stripe a key belongs to is part
 * of the format: every process must agree.
 */
final class DirectoryLocks {
    /** How many keys can be written at the same moment. Part of the format. */
    static final int STRIPES = 64;

    /**
     * All open ones, by the real path of the lock directory. State of the process, because file locks are: a second
     * channel on a lock file of this process would, when closed, drop the locks taken through the first.
     */
    private static final Map<Path, DirectoryLocks> OPEN = new HashMap<>();

    private static final ReentrantLock REGISTRY = new ReentrantLock();

    private final Path directory;
    private final List<Stripe> stripes = new ArrayList<>(STRIPES);
    private int users;

    private DirectoryLocks(Path directory) {
        this.directory = directory;
        for (int i = 0; i < STRIPES; i++) {
            stripes.add(new Stripe(directory.resolve("%02d".formatted(i))));
        }
    }

    /** The locks of a directory, to be released once by each who opened them. */
    static DirectoryLocks open(Path lockDirectory) throws IOException {
        Path real = lockDirectory.toRealPath();
        REGISTRY.lock();
        try {
            DirectoryLocks locks = OPEN.computeIfAbsent(real, DirectoryLocks::new);
            locks.users++;
            return locks;
        } finally {
            REGISTRY.unlock();
        }
    }

    /** Ends the use; the last one closes the files, after the writes that still run. */
    void release() {
        REGISTRY.lock();
        try {
            users--;
            if (users == 0) {
                OPEN.remove(directory);
                // Still under the registry's lock: whoever opens the directory now must not find two open channels.
                stripes.forEach(Stripe::end);
            }
        } finally {
            REGISTRY.unlock();
        }
    }

    /**
     * Makes the files of all stripes, in a new directory. A delete needs one, and must work on a full disk.
     *
     * @throws IOException when that fails
     */
    void prepare() throws IOException {
        for (Stripe stripe : stripes) {
            stripe.lock().close();
        }
    }

    /** Waits for the stripe of a key; see {@link Stripe#lock()}. */
    Stripe lock(String key) throws IOException {
        // Keys that differ only by case share a stripe: where case is ignored, they meet in one file.
        int hash = key.toLowerCase(Locale.ROOT).hashCode();
        return stripes.get((hash ^ hash >>> 16) & (STRIPES - 1)).lock();
    }
}
