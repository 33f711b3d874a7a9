/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskOptions;
import io.omniq.internal.protocol.EventSink;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Protocol;
import io.omniq.internal.protocol.ProtocolSettings;
import io.omniq.internal.protocol.Standby;
import io.omniq.internal.protocol.Tally;
import io.omniq.internal.protocol.TaskStore;
import io.omniq.internal.util.Surroundings;
import io.omniq.model.NewTask;
import io.omniq.storage.Enqueued;
import io.omniq.store.StorageException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers whom an error takes away while they wait for the write of a group. */
@Timeout(60)
class GroupLeaverTest {
    private static final class NoThread extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final GatedStore store = new GatedStore(Clock.systemUTC());
    private final Semaphore waiting = new Semaphore(0);
    private volatile boolean taken;
    private final Thread leaver = new Thread(this::enqueueAndLeave);
    private final TaskStore tasks = new TaskStore(
            new Protocol(
                    Protocol.Stores.of(store),
                    Surroundings.system(),
                    ProtocolSettings.ofDefaults(),
                    new Tally(),
                    EventSink.NONE),
            new Nobody(),
            over -> {
                waiting.release();
                return Standby.PARKED.until(() -> {
                    if (taken && Thread.currentThread() == leaver) {
                        throw new NoThread();
                    }
                    return over.getAsBoolean();
                });
            });
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private static final class Nobody implements TaskStore.Consumer {
        @Override
        public Optional<HeldClaim> dequeue(List<String> queues, Duration timeout) {
            return Optional.empty();
        }

        @Override
        public void done(HeldClaim claim) {}
    }

    private void enqueueAndLeave() {
        try {
            tasks.enqueue(task());
        } catch (NoThread e) {
            // as it should be
        }
    }

    private static NewTask task() {
        return Peer.task("mail.send", TaskOptions.none(), 1);
    }

    private Future<Enqueued> enqueue() {
        return threads.submit(() -> tasks.enqueue(task()));
    }

    private void takeAway() {
        taken = true;
        LockSupport.unpark(leaver);
        try {
            leaver.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() {
        store.open();
        threads.shutdownNow();
    }

    private Future<Enqueued> first() throws InterruptedException {
        store.close(1);
        Future<Enqueued> first = enqueue();
        store.awaitWrite();
        return first;
    }

    private void requireOpenDoor() {
        assertThat(tasks.enqueue(task()).created()).as("the door is free again").isTrue();
    }

    @Test
    void whoHasLeftAGroupIsNotCalledToLeadIt() throws Exception {
        Future<Enqueued> first = first();
        AtomicInteger tries = new AtomicInteger();
        Future<Enqueued> leader = enqueue();
        waiting.acquire();
        leaver.start();
        waiting.acquire();
        Future<Enqueued> other = enqueue();
        waiting.acquire();
        store.onWrite = keys -> {
            if (tries.incrementAndGet() == 1) {
                takeAway();
                Thread.currentThread().interrupt();
                throw new StorageException("write", "", StorageException.Retry.YES, "interrupted", null);
            }
        };

        store.open();
        first.get();

        assertThat(other.get().created()).isTrue();
        assertThat(leader).failsWithin(Duration.ofSeconds(50));
        requireOpenDoor();
    }

    @Test
    void whoHasLeftBeforeAGroupCameDelaysNobody() throws Exception {
        Future<Enqueued> first = first();
        leaver.start();
        waiting.acquire();
        takeAway();
        Future<Enqueued> other = enqueue();
        waiting.acquire();

        store.open();

        first.get();
        assertThat(other.get().created()).isTrue();
        requireOpenDoor();
    }
}
