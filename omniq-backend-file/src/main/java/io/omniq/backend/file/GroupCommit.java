/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.StorageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Brings groups of writes to the journal. There is no thread for it and no waiting for company: whoever comes first leads,
 * and takes along what came meanwhile. With flushes, the next groups gather while one is being flushed.
 */
final class GroupCommit {
    /** So many bytes are written at once, and one group more. */
    private static final int MOST_BYTES = 1 << 20;

    /** A moment, before a thread lies down: most groups take less, and waking one takes longer than a group. */
    private static final int YIELDS = 20;

    /** When a segment is this long, the next one begins. */
    private static final int SEGMENT_BYTES = 4 << 20;

    private final Journal journal;
    private final ConcurrentLinkedQueue<Submission> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean led = new AtomicBoolean();
    private @Nullable GroupWriter writer; // of who leads

    GroupCommit(Journal journal) {
        this.journal = journal;
    }

    /** Writes a group and waits for its outcomes. Interrupts do not end the wait and are not lost. */
    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on the yields: they only save time
    void submit(Submission submission) {
        waiting.add(submission);
        boolean interrupted = false;
        int yields = YIELDS;
        while (!submission.isDone()) {
            if (!led.get() && led.compareAndSet(false, true)) {
                try {
                    lead();
                } finally {
                    led.set(false);
                    wakeNext();
                }
            } else if (yields > 0) {
                yields--;
                Thread.yield();
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void wakeNext() {
        Submission next = waiting.peek();
        if (next != null) {
            next.wake();
        }
    }

    private void lead() {
        List<Submission> group = new ArrayList<>();
        long bytes = 0;
        for (Submission next = waiting.poll(); next != null; next = bytes < MOST_BYTES ? waiting.poll() : null) {
            group.add(next);
            for (Submission.Item item : next.items()) {
                bytes += item.line.length();
            }
        }
        try {
            commit(group);
        } finally {
            group.forEach(Submission::finish);
        }
    }

    private static boolean asksForFlush(List<Submission> group) {
        boolean asks = false;
        for (Submission submission : group) {
            asks |= submission.flush();
        }
        return asks;
    }

    /** Only for who leads. */
    private GroupWriter writer(Replica replica) {
        GroupWriter present = writer;
        if (present == null || !present.isOf(replica)) {
            present = new GroupWriter(journal, replica);
            writer = present;
        }
        return present;
    }

    private void commit(List<Submission> group) {
        boolean flush = asksForFlush(group);
        AtomicReference<Segment> written = new AtomicReference<>();
        try {
            journal.locked("write", "", replica -> {
                if (flush && !replica.active().flushed()) {
                    journal.rotate(replica, true, group.get(0).micros());
                }
                written.set(replica.active());
                writer(replica).write(group);
                if (replica.active().end() > SEGMENT_BYTES) {
                    journal.rotateIfPossible(
                            replica, replica.active().flushed(), group.get(0).micros());
                }
            });
        } catch (IOException e) {
            StorageException failure = journal.directory().failure("write", "", e);
            group.forEach(submission -> submission.failUndecided(failure));
        } catch (StorageException e) {
            group.forEach(submission -> submission.failUndecided(e));
        } catch (RuntimeException | Error e) {
            // The thread that leads may not be the one whose write is at fault, and all must get an answer. Lines may
            // stand.
            StorageException failure = new StorageException(
                    "write", "", StorageException.Retry.NO, "the write failed in an unexpected way", e);
            group.forEach(submission -> submission.doubtUndecided(failure));
        }
        Segment segment = written.get();
        if (flush && segment != null) {
            force(segment, group);
        }
    }

    /** Outside of the locks: other processes write meanwhile, and a flush covers all that was written before it. */
    private void force(Segment segment, List<Submission> group) {
        try {
            journal.force(segment);
        } catch (IOException e) {
            StorageException failure = journal.directory().failure("write", "", e);
            group.forEach(submission -> submission.doubt(failure));
        } catch (StorageException e) {
            group.forEach(submission -> submission.doubt(e));
        }
    }
}
