/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.EventType;
import io.omniq.model.TaskRecord;
import io.omniq.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * between. Not safe for use by several threads, except {@link #done} and what says so.
 */
public final class Claimer {
    /** How far a claimer keeps out of the others' way after it lost an entry to one of them: up to so many groups. */
    private static final int SPREAD = 8;
    /** How old a listing may be before claims are taken from it. */
    private static final Duration VIEW_AGE = Duration.ofSeconds(1);

    private final Protocol protocol;
    private final WorkerSession session;
    private final Predicate<String> knownTask;
    private final Neighbours neighbours;
    private final Admission admission;
    private final EntryReader reader;
    private final Remains remains;
    private final @Nullable Departures departures;
    /** The least time between two changes of an entry that the store bears. */
    private final Duration interval;

    private final QueueViews views;
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    /** Queues that were not paused, and when that was asked. */
    private final Map<String, Long> unpaused = new ConcurrentHashMap<>();

    private boolean contended;

    /**
     * A claimer.
     *
     * @param protocol the protocol
     * @param session the worker's session
     * @param knownTask whether a task name can be run here
     */
    public Claimer(Protocol protocol, WorkerSession session, Predicate<String> knownTask) {
        this(protocol, session, knownTask, null);
    }

    /**
     * A claimer of a worker.
     *
     * @param protocol the protocol
     * @param session the worker's session
     * @param knownTask whether a task name can be run here
     * @param departures the worker's entries of ended tasks, which are no claims; null where they go at once
     */
    public Claimer(
            Protocol protocol, WorkerSession session, Predicate<String> knownTask, @Nullable Departures departures) {
        this.departures = departures;
        this.interval = protocol.tasks.raw().capabilities().mutationInterval();
        this.protocol = protocol;
        this.session = session;
        this.knownTask = knownTask;
        this.views = new QueueViews(protocol);
        this.neighbours = new Neighbours(protocol);
        this.admission = new Admission(protocol, departures);
        this.remains = new Remains(protocol, departures, session.id());
        this.reader = new EntryReader(protocol, neighbours::observe);
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
        return claim(queues, Room.of(most), taker);
    }

    /**
     * The same, as long as there is room.
     *
     * @param queues where to look, in this order
     * @param room how much is to be claimed
     * @param taker takes each claim, and never throws
     * @return how many there were
     */
    public int claim(List<String> queues, Room room, Consumer<HeldClaim> taker) {
        Haul haul = new Haul(room, taker);
        try {
            for (String queue : queues) {
                claimFrom(queue, haul);
            }
        } catch (RuntimeException e) {
            if (haul.made() == 0) {
                throw e;
            }
            protocol.tally.dutyFailed("claim", e); // what has been claimed runs
        }
        return haul.made();
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

    /** {@return how long until the first lease is over, by what is known of it, under which others hold what was seen; never zero} */
    public Optional<Duration> untilLeaseEnds() {
        return views.untilLeaseEnds();
    }

    /**
     * Whether a look would find what the last one found in these queues, which was nothing, as far as the store tells that for
     * nothing.
     *
     * @param queues where one would look
     * @return whether there is no use in it
     */
    public boolean isQuiet(List<String> queues) {
        return views.areQuiet(queues);
    }

    private void claimFrom(String queue, Haul haul) {
        QueueView view = views.of(queue);
        boolean refreshed = false;
        while (haul.most() > 0 && session.holds()) {
            List<Candidate> chosen = choose(view, haul.most());
            long nanos = protocol.surroundings.nanos().getAsLong();
            if (!chosen.isEmpty() && (refreshed || !view.isOlderThan(VIEW_AGE, nanos))) {
                List<Candidate> fitting = haul.fitting(chosen);
                if (fitting.isEmpty()) {
                    return;
                }
                view.removeAll(fitting);
                process(fitting, haul);
            } else if (refreshed || !(haul.isUrgent() || view.isOlderThan(VIEW_AGE, nanos))) {
                return;
            } else if (isPaused(queue)) {
                views.forget(queue);
                return;
            } else if (chosen.isEmpty()) {
                view.refresh(protocol.tasks, protocol.now(), nanos, neighbours.observe());
                refreshed = true;
            } else {
                // A busy worker must not overlook what is more urgent by now.
                view.refreshFront(protocol.tasks, protocol.now(), nanos, neighbours.observe());
                refreshed = true;
            }
        }
    }

    /** Looked at before each listing, which is saved if it is; a miss costs nothing. */
    private boolean isPaused(String queue) {
        long asked = protocol.surroundings.nanos().getAsLong();
        boolean paused = protocol.tasks.get(Layout.paused(queue)).isPresent();
        if (paused) {
            unpaused.remove(queue);
        } else {
            unpaused.put(queue, asked);
        }
        return paused;
    }

    /**
     * Whether a queue is not paused, as of a second ago at most. May be called by any thread.
     *
     * @param queue the queue
     * @return whether its tasks may be claimed
     */
    public boolean isOpen(String queue) {
        Long asked = unpaused.get(queue);
        long now = protocol.surroundings.nanos().getAsLong();
        return (asked != null && now - asked < VIEW_AGE.toNanos()) || !isPaused(queue);
    }

    /**
     * A claim for a task that does not exist yet; held from now on. May be called by any thread.
     *
     * @param task the task
     * @return the claim
     */
    public Birth birth(TaskRecord task) {
        return new Birth(protocol, session, held, admission, task);
    }

    /**
     * The first claimable entries; after a lost race some further on. Those that changed too lately come after all
     * others.
     */
    private List<Candidate> choose(QueueView view, int most) {
        int skipped = contended ? protocol.surroundings.random().nextInt(SPREAD) * most : 0;
        Deque<Candidate> chosen = new ArrayDeque<>();
        List<Candidate> young = new ArrayList<>();
        Instant now = protocol.now();
        for (Iterator<Candidate> i = view.iterator(); i.hasNext(); ) {
            Candidate candidate = i.next();
            if (isUnread(candidate)) {
                reader.read(unread(view, most + skipped - chosen.size()));
            }
            Judgement judgement = judge(view, candidate, now);
            if (judgement == Judgement.CLAIMABLE && remains.isWorthALook(candidate)) {
                // Tasks of the dead that have ended need no claim, and shall hold up nobody.
                remains.look(view, candidate);
                judgement = judge(view, candidate, now);
            }
            switch (judgement) {
                case CLAIMABLE -> {
                    if (isYoung(candidate, now)) {
                        young.add(candidate);
                    } else {
                        chosen.add(candidate);
                    }
                }
                case USELESS -> i.remove();
                case LATER -> {}
            }
            if (chosen.size() > most) {
                chosen.removeFirst();
                skipped--;
            }
            if (chosen.size() == most && skipped == 0) {
                break;
            }
        }
        List<Candidate> all = new ArrayList<>(chosen);
        all.addAll(young.subList(0, Math.min(young.size(), most - all.size())));
        return all;
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

    private Judgement judge(QueueView view, Candidate candidate, Instant now) {
        Entry entry = candidate.entry;
        if (isBusy(candidate) || entry == null) {
            view.mayChangeUnnoticed(); // by being given up, or read
            return Judgement.USELESS;
        }
        if (!knownTask.test(entry.func())) {
            protocol.tally.unknownTask(entry.func(), entry.queueName());
            return Judgement.USELESS;
        }
        return switch (entry.state()) {
            case READY -> entry.isDue(now) ? Judgement.CLAIMABLE : Judgement.LATER;
            case RUNNING -> isForgotten(entry) ? Judgement.CLAIMABLE : judgeRunning(view, candidate, entry);
            case BLOCKED, MOVED -> Judgement.USELESS;
        };
    }

    /** Running under this session's id, but not held: a claim whose answer was lost, or an outcome that was. */
    private boolean isForgotten(Entry entry) {
        return session.id().equals(entry.workerId());
    }

    private Judgement judgeRunning(QueueView view, Candidate candidate, Entry entry) {
        String worker = entry.workerId();
        if (worker == null) {
            return Judgement.CLAIMABLE;
        }
        Neighbours.Standing standing = neighbours.standing(worker, candidate.seen);
        if (standing != Neighbours.Standing.DEAD) {
            view.lookAgain(neighbours.nextNanos(worker));
        }
        return switch (standing) {
            case DEAD -> Judgement.CLAIMABLE;
            case ALIVE -> Judgement.USELESS;
            case UNKNOWN -> Judgement.LATER;
        };
    }

    /** Held here, or of a task that ended here. */
    private boolean isBusy(Candidate candidate) {
        return held.contains(candidate.key) || (departures != null && departures.isLeaving(candidate.key));
    }

    private boolean isUnread(Candidate candidate) {
        return candidate.entry == null && !candidate.passedOver && !isBusy(candidate);
    }

    /** The next of those whose entries the listing did not show. */
    private List<Candidate> unread(QueueView view, int most) {
        List<Candidate> unread = new ArrayList<>();
        for (Iterator<Candidate> i = view.iterator(); i.hasNext() && unread.size() < most; ) {
            Candidate candidate = i.next();
            if (isUnread(candidate)) {
                unread.add(candidate);
            }
        }
        return unread;
    }

    private void process(List<Candidate> chosen, Haul haul) {
        List<Candidate> open = new ArrayList<>();
        for (Candidate candidate : reader.whole(chosen)) {
            Entry entry = Objects.requireNonNull(candidate.entry);
            boolean isExpired = entry.state() == Entry.State.READY && entry.isExpired(protocol.now());
            if (!isExpired || !admission.expire(new Place(candidate.key, entry, candidate.version))) {
                open.add(candidate);
            }
        }
        if (!open.isEmpty()) {
            claim(open, haul);
        }
    }

    /** One group of writes for all; each claim stands for itself. */
    private void claim(List<Candidate> candidates, Haul haul) {
        Instant now = protocol.now();
        List<Entry> claimed = new ArrayList<>();
        List<Draft> drafts = new ArrayList<>();
        for (Candidate candidate : candidates) {
            Entry entry = Objects.requireNonNull(candidate.entry);
            boolean died = entry.state() == Entry.State.RUNNING && !isForgotten(entry);
            Entry next = entry.claimed(session.id(), now, died);
            claimed.add(next);
            drafts.add(protocol.changedEntry(candidate.key, candidate.version, next));
        }
        List<String> free = new ArrayList<>();
        candidates.forEach(candidate -> {
            held.add(candidate.key);
            free.add(candidate.key);
        });
        try {
            ReliableStore.Sent sent = protocol.tasks.writeAtOnce(drafts);
            contended = false;
            List<Place> landed = new ArrayList<>();
            for (int i = 0; i < drafts.size(); i++) {
                Optional<Settled> settled = sent.settled().get(i);
                Entry mine = claimed.get(i);
                Optional<HeldClaim.State> state = settled.flatMap(one -> landed(one, mine));
                String key = candidates.get(i).key;
                state.ifPresent(is -> landed.add(new Place(key, is.entry(), is.version())));
                contended |= settled.isPresent() && state.isEmpty();
            }
            admit(landed, now, haul, free, sent.failure().orElse(null));
        } finally {
            free.forEach(held::remove); // what stands of them is found again as forgotten
        }
    }

    /** Gives away what may run, and takes its keys out of those that are free. What fails for one says nothing of the others. */
    private void admit(
            List<Place> landed, Instant now, Haul haul, List<String> free, @Nullable RuntimeException failed) {
        RuntimeException failure = failed;
        for (Admission.Looked looked : admission.lookAt(landed)) {
            Place place = looked.place();
            if (!session.holds()) {
                break;
            }
            try {
                List<HeldClaim> claims = admission.admit(looked, now, this::hold);
                if (!claims.isEmpty() && session.holds()) {
                    free.remove(place.key());
                    claims.forEach(claim -> protocol.sink.tell(EventType.DEQUEUED, claim.task(), session.id()));
                    haul.add(place.entry(), claims);
                }
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
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
