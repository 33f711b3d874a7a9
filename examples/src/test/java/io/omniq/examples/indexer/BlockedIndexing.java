/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The program as a process of its own that, after some files, blocks for ever in the middle of its tasks. */
public final class BlockedIndexing {
    static final String BLOCKED = "blocked";
    static final int FILES_BEFORE = 100;

    private BlockedIndexing() {}

    public static void main(String[] args) {
        AtomicInteger opened = new AtomicInteger();
        FileOpener opener = file -> {
            if (opened.incrementAndGet() > FILES_BEFORE) {
                System.out.println(BLOCKED);
                block();
            }
            return Files.newInputStream(file);
        };
        System.exit(new IndexFiles(opener, System.out, System.err).run(List.of(args)));
    }

    private static InputStream block() throws IOException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
        throw new AssertionError();
    }
}
