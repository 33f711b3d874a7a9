/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.OmniQException;
import io.omniq.model.NewTask;
import io.omniq.storage.Enqueued;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The door for single enqueues. Who finds it free writes at once, alone; who comes while a write is under way waits, and when
 * that has ended the first of those who wait writes for all of them. So nobody waits for company, and no thread of ours is in it.
 */
final class GroupEnqueuer {
    private static final int MOST_AT_ONCE = 1_000;

    private final Enqueuer enqueuer;
    private final Standby standby;
    private final GroupWrite writes;
    /** Never held while writing. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Deque<Ticket> waiting = new ArrayDeque<>();
    private boolean busy;

    GroupEnqueuer(Protocol protocol, Enqueuer enqueuer, Standby standby) {
        this.enqueuer = enqueuer;
        this.standby = standby;
        this.writes = new GroupWrite(protocol, new BatchEnqueuer(protocol, enqueuer));
    }

    /** A caller who waits: it is told an answer or a failure, or called to lead a group. */
    static final class Ticket {
        final BatchEnqueuer.Sized request;
        private final Thread caller = Thread.currentThread();
        private volatile @Nullable Enqueued answer;
        private volatile @Nullable RuntimeException failure;
        private @Nullable EnqueueGroup leads; // guarded by this
        private boolean gone; // guarded by this

        Ticket(BatchEnqueuer.Sized request) {
            this.request = request;
        }

        boolean isTold() {
            return answer != null || failure != null;
        }

        private boolean isCalled() {
            return isTold() || leads() != null;
        }

        void tell(Enqueued enqueued) {
            answer = enqueued;
            LockSupport.unpark(caller);
        }

        void tell(RuntimeException why) {
            failure = why;
            LockSupport.unpark(caller);
        }

        /** Calls it to lead; false when its caller has gone. */
        synchronized boolean call(EnqueueGroup group) {
            leads = gone ? null : group;
            LockSupport.unpark(caller);
            return !gone;
        }

        private synchronized @Nullable EnqueueGroup leads() {
            return leads;
        }

        /** Its caller goes, and is not called any more; which group it has been called to lead by now. */
        private synchronized @Nullable EnqueueGroup leave() {
            gone = true;
            return leads;
        }

        private Enqueued outcome() {
            RuntimeException why = failure;
            if (why != null) {
                throw why;
            }
            return java.util.Objects.requireNonNull(answer, "answer");
        }
    }

    Enqueued enqueue(NewTask request) {
        if (!BatchEnqueuer.isPlain(request.options())) {
            return enqueuer.enqueue(request);
        }
        Ticket ticket = new Ticket(new BatchEnqueuer.Sized(request, enqueuer.check(request)));
        return enqueuer.told(enter(ticket) ? writeAlone(request) : wait(ticket));
    }

    /** The events come later, when the door is free again. */
    private Enqueued writeAlone(NewTask request) {
        try {
            return enqueuer.enqueuePlain(request);
        } finally {
            callNext();
        }
    }

    private Enqueued wait(Ticket ticket) {
        if (!standBy(ticket)) {
            return enqueuer.enqueuePlain(ticket.request.request());
        }
        EnqueueGroup group = ticket.leads();
        if (group != null) {
            lead(group);
        }
        return ticket.outcome();
    }

    /** Whether nobody is writing; else the caller has to wait. */
    private boolean enter(Ticket ticket) {
        lock.lock();
        try {
            if (busy) {
                waiting.add(ticket);
                return false;
            }
            busy = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits to be called; false for an interrupted caller that is in no group yet: it writes alone rather than wait. */
    private boolean standBy(Ticket ticket) {
        boolean interrupted = false;
        boolean called = false;
        try {
            while (!called) {
                called = standby.until(ticket::isCalled);
                if (!called && withdraw(ticket)) {
                    return false;
                }
                interrupted |= !called && Thread.interrupted(); // its task is being written: that has an answer soon
            }
            return true;
        } finally {
            if (!called) {
                abandon(ticket);
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean withdraw(Ticket ticket) {
        lock.lock();
        try {
            return waiting.remove(ticket);
        } finally {
            lock.unlock();
        }
    }

    /** The caller does not wait any more, perhaps because of an error: if it was called, it must not keep others waiting. */
    private void abandon(Ticket ticket) {
        EnqueueGroup group = withdraw(ticket) ? null : ticket.leave();
        if (group != null && !group.passOn(new OmniQException("the caller has gone"))) {
            callNext();
        }
    }

    /** Writes a group, with those who have come since it was called; the next one leads when that is over. */
    private void lead(EnqueueGroup group) {
        boolean over = true;
        try {
            join(group);
            over = writes.write(group);
        } finally {
            if (over) {
                callNext();
            }
        }
    }

    private void join(EnqueueGroup group) {
        lock.lock();
        try {
            while (!waiting.isEmpty() && group.takes(waiting.peek(), MOST_AT_ONCE)) {
                waiting.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    private void callNext() {
        lock.lock();
        try {
            Ticket next = waiting.poll();
            busy = next != null;
            if (next != null) {
                next.call(new EnqueueGroup(List.of(next)));
            }
        } finally {
            lock.unlock();
        }
    }
}
