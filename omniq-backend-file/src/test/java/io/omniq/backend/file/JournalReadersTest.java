/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers do not notice that the line they were about to read becomes a file. */
class JournalReadersTest {
    private static final int ROUNDS = 1_000;
    private static final int READERS = 4;

    @TempDir
    Path directory;

    @Test
    void readsGoOnWhileSegmentsAreDropped() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(READERS);
        try (JournalObjectStore store = Stores.journal(directory)) {
            Version version = Stores.create(store, "tasks/one", "0");
            AtomicBoolean done = new AtomicBoolean();
            List<Future<Long>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(threads.submit(() -> readUntil(done, store)));
            }
            try {
                for (int round = 1; round <= ROUNDS; round++) {
                    version = Stores.replace(store, "tasks/one", version, Integer.toString(round));
                    store.settleNow();
                }
            } finally {
                done.set(true);
            }
            for (Future<Long> reader : readers) {
                assertThat(reader.get()).isBetween(0L, (long) ROUNDS);
            }
        } finally {
            threads.shutdown();
        }
    }

    private static long readUntil(AtomicBoolean done, JournalObjectStore store) {
        long last = 0;
        while (!done.get()) {
            Optional<StoredObject> object = store.get("tasks/one");
            assertThat(object).isPresent();
            long round = Long.parseLong(new String(object.get().body(), StandardCharsets.US_ASCII));
            assertThat(round).isGreaterThanOrEqualTo(last);
            last = round;
        }
        return last;
    }
}
