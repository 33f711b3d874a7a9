/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static io.omniq.backend.file.Stores.bytes;
import static io.omniq.backend.file.Stores.create;
import static io.omniq.backend.file.Stores.delete;
import static io.omniq.backend.file.Stores.replace;
import static io.omniq.backend.file.Stores.text;
import static io.omniq.backend.file.Stores.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.omniq.store.ListRequest;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome.Status;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Stores and threads of one process on one directory, and interrupts among them. */
@Timeout(120)
class DirectorySharingTest {
    private static final String COUNTER = "counter";

    @TempDir
    Path root;

    /** The store under test. */
    ObjectStore open(Durability durability) {
        return DirectoryObjectStore.builder(root).fsync(durability).open();
    }

    private ObjectStore open() {
        return open(Durability.PROCESS_CRASH);
    }

    @Test
    void twoStoresOfOneProcessCountTogether() throws Exception {
        try (ObjectStore one = open();
                ObjectStore other = open()) {
            create(one, COUNTER, "0");

            together(8, number -> {
                for (int i = 0; i < 100; i++) {
                    increment(number % 2 == 0 ? one : other);
                }
            });

            assertThat(text(one, COUNTER)).isEqualTo("800");
        }
    }

    @Test
    void storesThatComeAndGoDisturbNobody() throws Exception {
        try (ObjectStore steady = open()) {
            create(steady, COUNTER, "0");

            together(6, number -> {
                for (int i = 0; i < 30; i++) {
                    if (number < 3) {
                        increment(steady);
                    } else {
                        try (ObjectStore brief = open()) {
                            increment(brief);
                        }
                    }
                }
            });

            assertThat(text(steady, COUNTER)).isEqualTo("180");
        }
    }

    @Test
    void closingOneStoreTwiceLeavesTheOtherWorking() {
        ObjectStore closing = open();
        try (ObjectStore other = open()) {
            Version version = create(closing, "a", "x");
            closing.close();
            closing.close();

            replace(other, "a", version, "y");
            assertThatExceptionOfType(StorageException.class)
                    .isThrownBy(() -> closing.get("a"))
                    .withMessageContaining("the store is closed")
                    .satisfies(e -> assertThat(e.retryable()).isFalse());
        }
    }

    @Test
    void anInterruptStormDisturbsNobody() throws Exception {
        int victims = 3;
        int bystanders = 3;
        List<Thread> targets = new ArrayList<>();
        AtomicInteger busy = new AtomicInteger(bystanders);
        try (ObjectStore store = open()) {
            create(store, COUNTER, "0");
            AtomicInteger counted = new AtomicInteger();

            together(victims + bystanders + 1, number -> {
                if (number < victims) {
                    synchronized (targets) {
                        targets.add(Thread.currentThread());
                    }
                    while (busy.get() > 0) {
                        suffer(store, number);
                        counted.incrementAndGet();
                    }
                    // Nobody may interrupt this thread of the pool after its work.
                    synchronized (targets) {
                        targets.remove(Thread.currentThread());
                    }
                    Thread.interrupted();
                } else if (number < victims + bystanders) {
                    try {
                        for (int i = 0; i < 300; i++) {
                            increment(store);
                            counted.incrementAndGet();
                            assertThat(Thread.currentThread().isInterrupted()).isFalse();
                        }
                    } finally {
                        busy.decrementAndGet();
                    }
                } else {
                    while (busy.get() > 0) {
                        synchronized (targets) {
                            targets.forEach(Thread::interrupt);
                        }
                        Thread.onSpinWait();
                    }
                }
            });

            assertThat(text(store, COUNTER)).isEqualTo(Integer.toString(counted.get()));
        }
    }

    /** Everything a store does, in a thread that is interrupted already and again and again. */
    private static void suffer(ObjectStore store, int number) {
        Thread.currentThread().interrupt();
        String key = "victim/" + number;
        Version created = create(store, key, "x");
        Version replaced = replace(store, key, created, "y");
        assertThat(text(store, key)).isEqualTo("y");
        assertThat(store.list(ListRequest.of(key)).objects()).hasSize(1);
        delete(store, key, replaced);
        increment(store);
        assertThat(Thread.currentThread().isInterrupted())
                .as("interrupt status after the calls")
                .isTrue();
    }

    @Test
    void aStoreCanBeOpenedAndClosedByAnInterruptedThread() {
        Thread.currentThread().interrupt();
        try (ObjectStore store = open(Durability.POWER_LOSS)) {
            create(store, "a", "x");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    /** Raises the counter by one, whatever others do. */
    static void increment(ObjectStore store) {
        increment(store, COUNTER);
    }

    static void increment(ObjectStore store, String key) {
        Status status = Status.CONFLICT;
        while (status != Status.APPLIED) {
            StoredObject seen = store.get(key).orElseThrow();
            int next = Integer.parseInt(text(seen)) + 1;
            status = write(store, Write.replace(key, seen.version(), bytes(Integer.toString(next))))
                    .status();
            assertThat(status).isIn(Status.APPLIED, Status.CONFLICT);
        }
    }

    private interface Work {
        void run(int number) throws Exception;
    }

    private static void together(int threads, Work work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                calls.add(() -> {
                    work.run(number);
                    return true;
                });
            }
            for (Future<Boolean> done : pool.invokeAll(calls)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
