/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and reports what must not pass unnoticed. Each thing is logged once, and counted always. */
public final class Tally {
    private static final Logger LOG = LoggerFactory.getLogger("io.omniq");
    /** Bounds the memory of what has been logged. */
    private static final int MOST_REMEMBERED = 10_000;

    private final AtomicLong quarantined = new AtomicLong();
    private final AtomicLong droppedEvents = new AtomicLong();
    private final AtomicLong stuckTasks = new AtomicLong();
    private final AtomicLong storageFailures = new AtomicLong();
    private final AtomicLong stalls = new AtomicLong();
    private volatile boolean polling = true;
    private final Set<String> unknownNames = ConcurrentHashMap.newKeySet();
    private final Set<String> brokenSchedules = ConcurrentHashMap.newKeySet();
    private final Map<String, Boolean> reported = new ConcurrentHashMap<>();

    /** A damaged object was set aside. */
    void quarantined(String key, String target, Exception reason) {
        quarantined.incrementAndGet();
        LOG.error("damaged object set aside: key={} moved_to={}", key, target, reason);
    }

    /** An object of a newer format was left alone. */
    void newerFormat(String key, Exception reason) {
        if (firstTime("newer:" + key)) {
            LOG.warn("object left alone: {}: key={}", reason.getMessage(), key);
        }
    }

    /** An entry names a task that nobody registered here. */
    void unknownTask(String func, String queue) {
        if (unknownNames.size() < MOST_REMEMBERED) {
            unknownNames.add(func);
        }
        if (firstTime("unknown:" + func + "@" + queue)) {
            LOG.warn("task left for a worker that knows it: name={} queue={}", func, queue);
        }
    }

    /**
     * A schedule could not be brought forward.
     *
     * @param id the schedule
     * @param reason why
     */
    public void scheduleBroken(String id, Exception reason) {
        if (brokenSchedules.size() < MOST_REMEMBERED && brokenSchedules.add(id)) {
            LOG.error("schedule does not fire: {}: id={}", reason.getMessage(), id, reason);
        }
    }

    /**
     * A schedule was brought forward, or is gone.
     *
     * @param id the schedule
     */
    public void scheduleFine(String id) {
        brokenSchedules.remove(id);
    }

    /** Events were given up. */
    public void droppedEvents(int count, String why) {
        if (droppedEvents.getAndAdd(count) == 0) {
            LOG.warn("events dropped: {}: count={}; further drops are only counted", why, count);
        }
    }

    /** A handler ignores its timeout. */
    public void stuckTask(String taskId, String func, String stack) {
        stuckTasks.incrementAndGet();
        LOG.error("task is stuck: it ignores its timeout and keeps its slot: id={} name={} at {}", taskId, func, stack);
    }

    /** No look for work has been finished for long. */
    public void pollingStopped(Duration silent) {
        polling = false;
        stalls.incrementAndGet();
        LOG.error(
                "worker has stopped looking for work; see the storage failures above, or a thread dump: silent_for={}",
                silent);
    }

    /** A look for work has been finished again. */
    public void pollingAgain() {
        polling = true;
        LOG.info("worker looks for work again");
    }

    /** A background duty met a storage failure and goes on. */
    public void storageFailure(String duty, Exception failure) {
        storageFailures.incrementAndGet();
        // In an outage this comes again and again: where it was thrown is of no use to anybody who cannot read the
        // code.
        LOG.warn(
                "storage failure, will be tried again: duty={} failure={} cause={}", duty, failure, failure.getCause());
        LOG.debug("storage failure: duty={}", duty, failure);
    }

    /**
     * A round of a background duty threw.
     *
     * @param duty which duty
     * @param failure what it threw
     */
    public void dutyFailed(String duty, Throwable failure) {
        if (failure instanceof io.omniq.store.StorageException known) {
            storageFailure(duty, known);
        } else {
            LOG.error("a background duty failed and goes on: duty={}", duty, failure);
        }
    }

    private boolean firstTime(String what) {
        return reported.size() < MOST_REMEMBERED && reported.put(what, true) == null;
    }

    /** {@return how many damaged objects were set aside} */
    public long quarantined() {
        return quarantined.get();
    }

    /** {@return how many events were given up} */
    public long droppedEvents() {
        return droppedEvents.get();
    }

    /** {@return how often a handler was found stuck} */
    public long stuckTasks() {
        return stuckTasks.get();
    }

    /** {@return how many storage failures background duties met} */
    public long storageFailures() {
        return storageFailures.get();
    }

    /** {@return how often the worker was found to have stopped looking for work} */
    public long stalls() {
        return stalls.get();
    }

    /** {@return false while the worker has stopped looking for work} */
    public boolean isPolling() {
        return polling;
    }

    /** {@return the ids of schedules that cannot be brought forward, sorted} */
    public Set<String> brokenSchedules() {
        return new TreeSet<>(brokenSchedules);
    }

    /** {@return the task names met that nobody registered here, sorted} */
    public Set<String> unknownTasks() {
        return new TreeSet<>(unknownNames);
    }
}
