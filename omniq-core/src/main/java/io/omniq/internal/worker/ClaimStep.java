/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.config.WorkerConfig;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.util.Step;
import io.omniq.internal.util.StepRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Fills free slots with claims. */
final class ClaimStep implements Step {
    private final WorkerConfig config;
    private final SessionHolder sessions;
    private final RandomGenerator random;
    private final Supplier<SlotRoom> room;
    private final BiConsumer<HeldClaim, SessionHolder.Life> start;
    private final AtomicLong rounds = new AtomicLong();
    private final AtomicLong arrivals = new AtomicLong();
    private volatile boolean full;
    private volatile Look last = new Look(true, 0);

    /** What a look for work showed: whether something was left, and what had been heard of when it began. */
    private record Look(boolean scarce, long arrivals) {}

    ClaimStep(
            WorkerConfig config,
            SessionHolder sessions,
            Supplier<SlotRoom> room,
            RandomGenerator random,
            BiConsumer<HeldClaim, SessionHolder.Life> start) {
        this.config = config;
        this.sessions = sessions;
        this.room = room;
        this.random = random;
        this.start = start;
    }

    @Override
    public int step() {
        if (isQuiet()) {
            return 0;
        }
        full = true; // before the look, so that a slot that becomes free right after it wakes the next round
        SlotRoom free = room.get();
        SessionHolder.Life life = sessions.holding();
        if (life == null) {
            return 0;
        }
        // Each starts at once: a process that dies between the claims and the starts costs every one of them a lease.
        long heardOf = arrivals.get();
        boolean isFull = free.entries(List.of()) == 0;
        int claims = isFull ? 0 : life.claimer().claim(queues(), free, claim -> start.accept(claim, life));
        finished(life);
        full = free.wasScarce();
        last = new Look(full, heardOf);
        return claims;
    }

    /** Whether the last look had room and found nothing, and another one would not either: it is as good as made then. */
    private boolean isQuiet() {
        SessionHolder.Life life = full || waiting() > 0 ? null : sessions.holding();
        if (life == null || !life.claimer().isQuiet(config.queues())) {
            return false;
        }
        finished(life);
        return true;
    }

    private void finished(SessionHolder.Life life) {
        life.session().polled();
        rounds.incrementAndGet();
    }

    /** A pace that after a round without work waits no longer than until a dead worker's tasks may be claimed. */
    StepRunner.Pace notBeyondLeases(StepRunner.Pace plan) {
        return (done, idleRounds) -> {
            Duration planned = plan.next(done, idleRounds);
            SessionHolder.Life life = done == 0 ? sessions.holding() : null;
            Duration most =
                    life == null ? planned : life.claimer().untilLeaseEnds().orElse(planned);
            return most.compareTo(planned) < 0 ? most : planned;
        };
    }

    /** Something was enqueued that waits for a look. */
    void arrived() {
        arrivals.incrementAndGet();
    }

    /** How many tasks may be waiting: what came since the last look had begun; endless if that left any for lack of room. */
    long waiting() {
        Look look = last;
        return look.scarce() ? Long.MAX_VALUE : arrivals.get() - look.arrivals();
    }

    /** How many looks for work have been finished. */
    long rounds() {
        return rounds.get();
    }

    /** Whether the last round was limited by slots, so that a free one is worth a look. A look may cost a listing. */
    boolean wasFull() {
        return full;
    }

    /** The queues in the order in which they are looked at this time. */
    private List<String> queues() {
        List<String> left = new ArrayList<>(config.queues());
        if (config.queueOrder() == WorkerConfig.QueueOrder.STRICT) {
            return left;
        }
        List<String> order = new ArrayList<>();
        while (!left.isEmpty()) {
            int total = left.stream().mapToInt(config::weight).sum();
            int ticket = random.nextInt(total);
            int chosen = 0;
            while (ticket >= config.weight(left.get(chosen))) {
                ticket -= config.weight(left.get(chosen++));
            }
            order.add(left.remove(chosen));
        }
        return order;
    }
}
