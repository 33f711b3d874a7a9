/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.internal.util.Duties;
import io.omniq.internal.util.Duty;
import io.omniq.internal.util.StepRunner;
import io.omniq.internal.util.Threads;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Claims for code that uses a task storage without a worker: a session of its own, begun at the first dequeue, with a
 * heartbeat of its own. Calls of several threads take turns.
 */
public final class DirectConsumer implements TaskStore.Consumer, AutoCloseable {
    private static final Duration FIRST_WAIT = Duration.ofMillis(10);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final Protocol protocol;
    private final Supplier<String> ids;
    private final WorkerSession.Host host;
    private final Duties duties;
    private final Semaphore turn = new Semaphore(1);
    private final Claims vain;
    private final Deque<HeldClaim> waiting = new ArrayDeque<>(); // only with the turn
    private volatile @Nullable Claimer claimer;
    private volatile @Nullable WorkerSession session;
    private @Nullable Duty heartbeat;
    private boolean closed;

    /**
     * A consumer that has not begun.
     *
     * @param protocol the protocol
     * @param ids makes the ids of its sessions
     * @param host the process
     * @param duties what gives its heartbeat its turns
     */
    public DirectConsumer(Protocol protocol, Supplier<String> ids, WorkerSession.Host host, Duties duties) {
        this.protocol = protocol;
        this.vain = new Claims(protocol);
        this.ids = ids;
        this.host = host;
        this.duties = duties;
    }

    @Override
    public Optional<HeldClaim> dequeue(List<String> queues, Duration timeout) {
        long start = protocol.surroundings.nanos().getAsLong();
        Duration wait = FIRST_WAIT;
        while (true) {
            Optional<HeldClaim> claim = claimOne(queues);
            long left = timeout.toNanos() - (protocol.surroundings.nanos().getAsLong() - start);
            if (claim.isPresent() || left <= 0) {
                return claim;
            }
            Duration pause = wait.toNanos() < left ? wait : Duration.ofNanos(left);
            if (!protocol.surroundings.pause().pause(pause)) {
                return Optional.empty();
            }
            wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
        }
    }

    private Optional<HeldClaim> claimOne(List<String> queues) {
        turn.acquireUninterruptibly();
        try {
            if (closed) {
                throw new IllegalStateException("the backend is closed");
            }
            Claimer claiming = begin();
            HeldClaim next = nextOfBatch(queues);
            if (next != null) {
                return Optional.of(next);
            }
            waiting.addAll(claiming.claim(queues, 1));
            return Optional.ofNullable(nextOfBatch(queues));
        } finally {
            turn.release();
        }
    }

    /** The rest of a batch, which is claimed already; in the order in which it was. */
    private @Nullable HeldClaim nextOfBatch(List<String> queues) {
        for (Iterator<HeldClaim> claims = waiting.iterator(); claims.hasNext(); ) {
            HeldClaim claim = claims.next();
            if (claim.isVain()) {
                claims.remove();
                vain.settled(claim);
            } else if (queues.contains(claim.task().queueName())) {
                claims.remove();
                return claim;
            }
        }
        return null;
    }

    /** The present session's claimer; a new session where there is none or its lease was lost. */
    private Claimer begin() {
        WorkerSession present = session;
        Claimer claiming = claimer;
        if (present != null && claiming != null && present.holds()) {
            return claiming;
        }
        waiting.clear(); // claims of a session that is over
        WorkerSession next = new WorkerSession(protocol, ids.get(), host);
        next.beat(List.of());
        Claimer made = new Claimer(protocol, next, name -> true);
        session = next;
        claimer = made;
        if (heartbeat == null) {
            heartbeat = duties.duty(
                    "direct heartbeat",
                    this::beat,
                    StepRunner.every(protocol.settings.heartbeat()),
                    e -> protocol.tally.dutyFailed("heartbeat", e),
                    Threads.platform("omniq-direct-heartbeat"));
            heartbeat.start();
        }
        return made;
    }

    private int beat() {
        WorkerSession present = session;
        return present != null && present.beat(List.of()) ? 1 : 0;
    }

    @Override
    public void done(HeldClaim claim) {
        Claimer present = claimer;
        if (present != null) {
            present.done(claim);
        }
    }

    /** Ends the session; claims that were not settled become free for others. */
    @Override
    public void close() {
        turn.acquireUninterruptibly();
        try {
            closed = true;
        } finally {
            turn.release();
        }
        Duty running = heartbeat;
        if (running != null) {
            running.close();
        }
        WorkerSession present = session;
        session = null;
        if (present != null) {
            present.end();
        }
    }
}
