/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.EventType;
import io.omniq.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds and claims tasks for one worker session.
 *
 * <p>A claim is one replace of the entry. It is made for entries that are ready and due; whose worker is dead; or that stand
 * under this session's own id although nothing here runs them, because an earlier claim's answer was lost. Only after
 * it has landed are definition and result read, for every attempt: a look before it would miss an outcome that lands in
 * between. Not safe for use by several threads, except {@link #done}.
 */
public final class Claimer {
    /** How many of the first claimable entries a claimer chooses from after it lost one to another. */
    private static final int SPREAD = 8;
    /** How old a listing may be before claims are taken from it. */
    private static final Duration VIEW_AGE = Duration.ofSeconds(1);

    private final Protocol protocol;
    private final WorkerSession session;
    private final Predicate<String> knownTask;
    private final Liveness liveness;
    private final Admission admission;
    private final Departures departures;
    /** The least time between two changes of an entry that the store bears. */
    private final Duration interval;

    private final Map<String, QueueView> views = new HashMap<>();
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private long observations;
    private long livenessSeen;
    private long livenessNanos;
    private boolean livenessKnown;
    private boolean contended;

    /**
     * A claimer.
     *
     * @param protocol the protocol
     * @param session the worker's session
     * @param knownTask whether a task name can be run here
     */
    public Claimer(Protocol protocol, WorkerSession session, Predicate<String> knownTask) {
        this(protocol, session, knownTask, new Departures(protocol));
    }

    /**
     * A claimer of a worker.
     *
     * @param protocol the protocol
     * @param session the worker's session
     * @param knownTask whether a task name can be run here
     * @param departures the worker's entries of ended tasks, which are no claims
     */
    public Claimer(Protocol protocol, WorkerSession session, Predicate<String> knownTask, Departures departures) {
        this.departures = departures;
        this.interval = protocol.tasks.raw().capabilities().mutationInterval();
        this.protocol = protocol;
        this.session = session;
        this.knownTask = knownTask;
        this.liveness = new Liveness(protocol);
        this.admission = new Admission(protocol);
    }

    /**
     * Claims tasks that may run now. Each queue is listed at most once.
     *
     * @param queues where to look, in this order
     * @param most at how many to stop; there are more where the last one is of a batch, all of whose members are claimed
     * @return the claims, each of which must be settled and then given to {@link #done}
     */
    public List<HeldClaim> claim(List<String> queues, int most) {
        List<HeldClaim> claims = new ArrayList<>();
        claim(queues, most, claims::add);
        return claims;
    }

    /**
     * The same, giving each claim away as soon as it is made: nobody else can run it until then.
     *
     * @param queues where to look, in this order
     * @param most at how many to stop; there are more where the last one is of a batch, all of whose members are claimed
     * @param taker takes each claim, and never throws
     * @return how many there were
     */
    public int claim(List<String> queues, int most, Consumer<HeldClaim> taker) {
        int[] made = {0};
        Consumer<HeldClaim> counted = claim -> {
            made[0]++;
            taker.accept(claim);
        };
        try {
            for (String queue : queues) {
                claimFrom(queue, most - made[0], counted);
            }
        } catch (RuntimeException e) {
            if (made[0] == 0) {
                throw e;
            }
            protocol.tally.dutyFailed("claim", e); // what has been claimed runs
        }
        return made[0];
    }

    /**
     * Forgets a claim that was settled, or given up.
     *
     * @param claim the claim
     */
    public void done(HeldClaim claim) {
        // One of a batch is only a part of what is held.
        if (claim.workerId().equals(session.id()) && claim.batch() == null) {
            held.remove(claim.key());
        }
    }

    private void claimFrom(String queue, int most, Consumer<HeldClaim> taker) {
        QueueView view = views.computeIfAbsent(queue, QueueView::new);
        int made = 0;
        boolean refreshed = false;
        while (made < most && session.holds()) {
            Candidate candidate = choose(view);
            long nanos = protocol.surroundings.nanos().getAsLong();
            if (candidate != null && (refreshed || !view.isOlderThan(VIEW_AGE, nanos))) {
                view.remove(candidate);
                List<HeldClaim> claims = process(candidate);
                claims.forEach(taker);
                made += claims.size();
            } else if (refreshed) {
                return;
            } else if (isPaused(queue)) {
                views.remove(queue);
                return;
            } else if (candidate == null) {
                view.refresh(protocol.tasks, protocol.now(), nanos, ++observations);
                refreshed = true;
            } else {
                // A busy worker must not overlook what is more urgent by now.
                view.refreshFront(protocol.tasks, protocol.now(), nanos, ++observations);
                refreshed = true;
            }
        }
    }

    /** Looked at before each listing, which is saved if it is; a miss costs nothing. */
    private boolean isPaused(String queue) {
        return protocol.tasks.get(Layout.paused(queue)).isPresent();
    }

    /** The first claimable entry; after a lost race one at random among the first few. */
    private @Nullable Candidate choose(QueueView view) {
        int wanted = contended ? protocol.surroundings.random().nextInt(SPREAD) : 0;
        Candidate chosen = null;
        Candidate young = null;
        Instant now = protocol.now();
        for (Iterator<Candidate> i = view.iterator(); i.hasNext() && wanted >= 0; ) {
            Candidate candidate = i.next();
            switch (judge(candidate, now)) {
                case CLAIMABLE -> {
                    if (isYoung(candidate, now)) {
                        young = young == null ? candidate : young;
                    } else {
                        chosen = candidate;
                        wanted--;
                    }
                }
                case USELESS -> i.remove();
                case LATER -> {}
            }
        }
        return chosen == null ? young : chosen;
    }

    /** Changed so lately that the store may refuse another change. */
    private boolean isYoung(Candidate candidate, Instant now) {
        return !interval.isZero() && candidate.updated.plus(interval).isAfter(now);
    }

    private enum Judgement {
        CLAIMABLE,
        /** Not now, but perhaps at the next look. */
        LATER,
        /** Not before the next listing. */
        USELESS
    }

    private Judgement judge(Candidate candidate, Instant now) {
        if (held.contains(candidate.key) || departures.isLeaving(candidate.key) || !load(candidate)) {
            return Judgement.USELESS;
        }
        Entry entry = java.util.Objects.requireNonNull(candidate.entry);
        if (!knownTask.test(entry.func())) {
            protocol.tally.unknownTask(entry.func(), entry.queueName());
            return Judgement.USELESS;
        }
        return switch (entry.state()) {
            case READY -> entry.isDue(now) ? Judgement.CLAIMABLE : Judgement.LATER;
            case RUNNING -> isForgotten(entry) ? Judgement.CLAIMABLE : judgeRunning(candidate, entry);
            case BLOCKED, MOVED -> Judgement.USELESS;
        };
    }

    /** Running under this session's id, but not held: a claim whose answer was lost, or an outcome that was. */
    private boolean isForgotten(Entry entry) {
        return session.id().equals(entry.workerId());
    }

    /** The dead stay dead, so an answer newer than the entry's version holds; the living are asked for again in time. */
    private Judgement judgeRunning(Candidate candidate, Entry entry) {
        String worker = entry.workerId();
        boolean judged = livenessKnown && livenessSeen > candidate.seen;
        if (worker == null || (judged && liveness.isDead(worker))) {
            return Judgement.CLAIMABLE;
        }
        Duration interval = liveness.interval();
        long nanos = protocol.surroundings.nanos().getAsLong();
        if (livenessKnown && nanos - livenessNanos < interval.toNanos()) {
            return judged ? Judgement.USELESS : Judgement.LATER;
        }
        liveness.refresh();
        livenessKnown = true;
        livenessNanos = nanos;
        livenessSeen = ++observations;
        return liveness.isDead(worker) ? Judgement.CLAIMABLE : Judgement.USELESS;
    }

    /** Reads the entry where the listing did not show it. */
    private boolean load(Candidate candidate) {
        return candidate.entry != null || loadWhole(candidate);
    }

    private boolean loadWhole(Candidate candidate) {
        Optional<StoredObject> object = protocol.tasks.get(candidate.key);
        Optional<Entry> entry = object.flatMap(o -> protocol.taskQuarantine.readable(o, Entry::read));
        if (entry.isEmpty()) {
            return false;
        }
        candidate.entry = entry.get();
        candidate.version = object.get().version();
        candidate.updated = object.get().updated();
        candidate.whole = true;
        candidate.seen = ++observations;
        return true;
    }

    private List<HeldClaim> process(Candidate candidate) {
        if (!candidate.whole) {
            Entry mirrored = candidate.entry;
            // The mirror and the body may differ by now; then the next listing shows it again.
            if (!loadWhole(candidate) || !sameStanding(mirrored, candidate.entry)) {
                return List.of();
            }
        }
        Entry entry = java.util.Objects.requireNonNull(candidate.entry);
        Instant now = protocol.now();
        if (entry.state() == Entry.State.READY && entry.isExpired(now)) {
            if (admission.expire(new Place(candidate.key, entry, candidate.version))) {
                return List.of();
            }
        }
        boolean died = entry.state() == Entry.State.RUNNING && !isForgotten(entry);
        return claim(candidate, entry, died, now);
    }

    private static boolean sameStanding(@Nullable Entry mirrored, @Nullable Entry read) {
        return mirrored != null
                && read != null
                && mirrored.state() == read.state()
                && mirrored.attempt() == read.attempt()
                && java.util.Objects.equals(mirrored.workerId(), read.workerId());
    }

    private List<HeldClaim> claim(Candidate candidate, Entry entry, boolean died, Instant now) {
        Entry claimed = entry.claimed(session.id(), now, died);
        held.add(candidate.key);
        boolean keeps = false;
        try {
            Settled settled =
                    protocol.tasks.writeAtOnce(protocol.changedEntry(candidate.key, candidate.version, claimed));
            Optional<HeldClaim.State> state = landed(settled, claimed);
            contended = state.isEmpty();
            if (state.isEmpty()) {
                return List.of();
            }
            List<HeldClaim> claims = admission.admit(candidate.key, state.get(), now, this::hold);
            if (!claims.isEmpty() && session.holds()) {
                keeps = true;
                claims.forEach(claim -> protocol.sink.tell(EventType.DEQUEUED, claim.task(), session.id()));
                return claims;
            }
            return List.of();
        } finally {
            if (!keeps) {
                held.remove(candidate.key); // if the claim stands, it is found again as forgotten
            }
        }
    }

    /** The claim of a batch is over when all its members are. */
    private void hold(HeldBatch batch) {
        batch.heldBy(session::holds, () -> held.remove(batch.key()));
    }

    /** A claim is known by worker and attempt: a foreign change on top of it does not take it away. */
    private Optional<HeldClaim.State> landed(Settled settled, Entry claimed) {
        if (settled.applied()) {
            return Optional.of(new HeldClaim.State(claimed, settled.newVersion()));
        }
        StoredObject current = settled.current();
        if (current == null) {
            return Optional.empty();
        }
        return protocol.taskQuarantine
                .readable(current, Entry::read)
                .filter(entry -> entry.isRunningBy(session.id(), claimed.attempt()))
                .map(entry -> new HeldClaim.State(entry, current.version()));
    }
}
