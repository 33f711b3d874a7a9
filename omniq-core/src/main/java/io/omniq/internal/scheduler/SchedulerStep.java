/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import io.omniq.internal.protocol.Protocol;
import io.omniq.internal.protocol.ScheduleTicks;
import io.omniq.internal.protocol.ScheduleView;
import io.omniq.internal.protocol.Tally;
import io.omniq.internal.util.Step;
import io.omniq.internal.util.Surroundings;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleStatus;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets schedules fire. It knows when each is due and asks the store only then, and now and then whether others changed
 * something: by one read of a marker every few seconds, and by a listing every few minutes for what nobody announced.
 *
 * <p>Steps belong to one thread; {@link #lookSoon()} and {@link #untilNext()} may be called by any.
 */
public final class SchedulerStep implements Step {
    /** How often the marker is read: what is changed elsewhere is seen within ten seconds. */
    static final Duration LOOK = Duration.ofSeconds(8);
    /** How often everything is listed. */
    static final Duration LISTING = Duration.ofMinutes(5);
    /** The wait after a storage failure. */
    static final Duration AGAIN = Duration.ofSeconds(1);

    private final Duration look;
    private final Duration listing;
    private final Surroundings surroundings;
    private final Tally tally;
    private final ScheduleTicks ticks;
    private final ScheduleView view;
    private final ScheduleFiring firing;
    /** When each active schedule is due, by the store's time. */
    private final Map<String, Instant> due = new HashMap<>();

    private final Set<String> broken = new HashSet<>();
    private @Nullable Long lookedAt;
    private @Nullable Long listedAt;
    private boolean failedLook;
    private volatile boolean lookSoon;
    private volatile Duration wait = Duration.ZERO;

    /**
     * A scheduler that knows nothing yet.
     *
     * @param protocol the protocol
     * @param surroundings the clock of its looks
     * @param tally where failures are counted
     */
    public SchedulerStep(Protocol protocol, Surroundings surroundings, Tally tally) {
        this(protocol, surroundings, tally, LOOK, LISTING);
    }

    /**
     * A scheduler that looks in its own time.
     *
     * @param protocol the protocol
     * @param surroundings the clock of its looks
     * @param tally where failures are counted
     * @param look how often it reads the marker
     * @param listing how often it lists everything
     */
    public SchedulerStep(Protocol protocol, Surroundings surroundings, Tally tally, Duration look, Duration listing) {
        this.look = look;
        this.listing = listing;
        this.surroundings = surroundings;
        this.tally = tally;
        this.ticks = new ScheduleTicks(protocol);
        this.view = new ScheduleView(protocol);
        this.firing = new ScheduleFiring(ticks);
    }

    /** Looks for changes at the next step, because this process made one. */
    public void lookSoon() {
        lookSoon = true;
    }

    /** {@return how long the next step may wait} */
    public Duration untilNext() {
        return lookSoon ? Duration.ZERO : wait;
    }

    /** Looks for changes if it is time, and fires what is due. */
    @Override
    public int step() {
        wait = AGAIN; // unless all goes well
        boolean looked = look();
        int fired = 0;
        Instant now = ticks.now();
        List<String> ready = due.entrySet().stream()
                .filter(entry -> !entry.getValue().isAfter(now))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        for (String id : ready) {
            fired += fire(id);
        }
        wait = looked ? untilSomething() : AGAIN;
        return fired;
    }

    /** False when it was time to look, and the store failed; what is known fires all the same. */
    private boolean look() {
        long now = surroundings.nanos().getAsLong();
        boolean isListing = isTime(listedAt, listing, now);
        boolean isAsked = lookSoon || failedLook;
        if (!isListing && !isAsked && !isTime(lookedAt, look, now)) {
            return true;
        }
        lookSoon = false;
        failedLook = true; // unless it goes well
        try {
            learn(isListing ? view.lookAtAll() : view.look(), isListing);
        } catch (StorageException e) {
            tally.storageFailure("schedules", e);
            return false;
        }
        failedLook = false;
        lookedAt = now;
        listedAt = isListing ? Long.valueOf(now) : listedAt;
        return true;
    }

    private void learn(ScheduleView.Changes changes, boolean isListing) {
        changes.unreadable().forEach(due::remove);
        changes.gone().forEach(id -> {
            due.remove(id);
            fine(id);
        });
        if (isListing) {
            broken.forEach(id -> due.put(id, Instant.MIN)); // tried again, now and then
        }
        changes.changed().forEach(this::learn);
    }

    private static boolean isTime(@Nullable Long last, Duration interval, long now) {
        return last == null || now - last >= interval.toNanos();
    }

    private void learn(Schedule schedule) {
        if (schedule.status() != ScheduleStatus.ACTIVE) {
            due.remove(schedule.id());
            return;
        }
        // One without a next tick gets its first; jitter is reckoned when it is due.
        Instant next = schedule.nextRun();
        due.put(schedule.id(), next == null ? Instant.MIN : next);
    }

    private int fire(String id) {
        try {
            ScheduleFiring.Result result = firing.run(id);
            if (result.due() == null) {
                due.remove(id);
            } else {
                due.put(id, result.due());
            }
            fine(id);
            return result.fired();
        } catch (StorageException e) {
            tally.storageFailure("schedule " + id, e);
            due.put(id, ticks.now().plus(AGAIN));
        } catch (UnreadableRecordException e) {
            due.remove(id);
            ticks.setAside(id, e);
        } catch (RuntimeException e) { // one that cannot be computed must not stop the others
            due.remove(id);
            broken.add(id);
            tally.scheduleBroken(id, e);
        }
        return 0;
    }

    private void fine(String id) {
        broken.remove(id);
        tally.scheduleFine(id);
    }

    private Duration untilSomething() {
        Duration untilLook = look.minusNanos(surroundings.nanos().getAsLong() - (lookedAt == null ? 0 : lookedAt));
        if (due.isEmpty()) {
            return max(untilLook, Duration.ZERO);
        }
        Instant first = Collections.min(due.values());
        Instant now = ticks.now();
        Duration untilDue = first.isAfter(now) ? Duration.between(now, first) : Duration.ZERO;
        return max(untilDue.compareTo(untilLook) < 0 ? untilDue : untilLook, Duration.ZERO);
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
