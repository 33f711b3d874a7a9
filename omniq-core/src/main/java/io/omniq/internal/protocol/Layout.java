/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.TaskRecord;
import java.time.Instant;
import java.util.Optional;

/**
 * Where every object lives.
 *
 * <pre>
 *   tasks/&lt;task-id&gt;.json                    definition: created once; of a batch an array of them
 *   queues/&lt;queue&gt;/&lt;order&gt;-&lt;task-id&gt;.json   entry: the only mutable record of a live task
 *   results/&lt;task-id&gt;.json                  outcome: created once; of a batch all outcomes, replaced
 *   events/&lt;event-id&gt;.json                  one event, or an array of them
 *   schedules/&lt;schedule-id&gt;.json
 *   workers/&lt;worker-id&gt;.json                heartbeat
 *   locks/quarantine/&lt;hash&gt;.json            a damaged object, set aside
 *   locks/paused/&lt;queue&gt;.json              nothing is claimed from the queue
 *   locks/unique/&lt;hash&gt;.json               who holds a unique key
 *   locks/children/&lt;parent&gt;/&lt;child&gt;.json   who waits for whom
 *   locks/redriven/&lt;task-id&gt;.json          a dead letter that was redriven
 *   locks/maintenance.json                  the last round of maintenance
 *   locks/schedules.json                    changes when a schedule may fire earlier than it did
 * </pre>
 *
 * {@code <order>} is {@code <pri>} (three digits, 100 - priority) for a task that may run at once, and
 * {@code at-<due epoch ms, 13 digits>-<pri>} for one enqueued with a later start, so a listing shows the highest priority
 * first, the oldest first within it, then the delayed ones by due time.
 */
final class Layout {
    static final String TASKS = "tasks/";
    static final String QUEUES = "queues/";
    static final String RESULTS = "results/";
    static final String EVENTS = "events/";
    static final String SCHEDULES = "schedules/";
    static final String WORKERS = "workers/";
    static final String QUARANTINE = "locks/quarantine/";
    static final String PAUSED = "locks/paused/";
    static final String UNIQUE = "locks/unique/";
    static final String CHILDREN = "locks/children/";
    static final String REDRIVEN = "locks/redriven/";
    static final String SCHEDULES_CHANGED = "locks/schedules.json";

    private static final String SUFFIX = ".json";
    private static final String DELAYED = "at-";
    private static final int MILLIS_LENGTH = 13;
    private static final int PRIORITY_LENGTH = 3;

    private Layout() {}

    /** Of a task in a batch it is the batch's, which holds the definitions of all of them. */
    static String task(String id) {
        return TASKS + (BatchIds.isMember(id) ? BatchIds.batch(id) : id) + SUFFIX;
    }

    static String result(String id) {
        return RESULTS + id + SUFFIX;
    }

    static String event(String id) {
        return EVENTS + id + SUFFIX;
    }

    static String schedule(String id) {
        return SCHEDULES + id + SUFFIX;
    }

    static String worker(String id) {
        return WORKERS + id + SUFFIX;
    }

    static String paused(String queue) {
        return PAUSED + queue + SUFFIX;
    }

    static String unique(String hash) {
        return UNIQUE + hash + SUFFIX;
    }

    static String children(String parent) {
        return CHILDREN + parent + "/";
    }

    static String child(String parent, String child) {
        return children(parent) + child + SUFFIX;
    }

    /** The parent in the key of a marker; empty for a key that is none. */
    static Optional<String> parentOfMarker(String key) {
        int end = key.indexOf('/', CHILDREN.length());
        return end < 0 ? Optional.empty() : Optional.of(key.substring(CHILDREN.length(), end));
    }

    static String redriven(String id) {
        return REDRIVEN + id + SUFFIX;
    }

    static String queue(String queue) {
        return QUEUES + queue + "/";
    }

    /** The entry's key follows from the stored definition alone, so whoever creates it uses the same one. */
    static String entry(TaskRecord task) {
        return entry(task, task.id());
    }

    /** The key of the entry that stands for a whole batch. */
    static String batchEntry(TaskRecord member) {
        return entry(member, BatchIds.batch(member.id()));
    }

    private static String entry(TaskRecord task, String id) {
        String priority = padded(100 - task.priority(), PRIORITY_LENGTH);
        String order =
                task.runAt().isAfter(task.createdAt()) ? DELAYED + millis(task.runAt()) + "-" + priority : priority;
        return queue(task.queueName()) + order + "-" + id + SUFFIX;
    }

    /** The same entry's key in another queue. */
    static String inQueue(String key, String queue) {
        return queue(queue) + key.substring(key.lastIndexOf('/') + 1);
    }

    /** The bound below which a queue's keys are plain or due: everything from it on is due after {@code now}. */
    static String notDue(String queue, Instant now) {
        return queue(queue) + DELAYED + millis(now.plusMillis(1));
    }

    /** The id inside a key: what stands between the last slash and the suffix. */
    static String id(String key) {
        int end = key.endsWith(SUFFIX) ? key.length() - SUFFIX.length() : key.length();
        return key.substring(key.lastIndexOf('/') + 1, end);
    }

    /** The task of an entry, from its key: what follows the order. Empty for a key that is no entry's. */
    static String taskOfEntry(String key) {
        String name = id(key);
        return name.substring(Math.min(priorityAt(name, 0) + PRIORITY_LENGTH + 1, name.length()));
    }

    /** The queue of an entry, from its key. Empty for a key that is no entry's. */
    static String queueOfEntry(String key) {
        int end = key.lastIndexOf('/');
        return end <= QUEUES.length() ? "" : key.substring(QUEUES.length(), end);
    }

    /**
     * The priority of an entry, from its key.
     *
     * @throws NumberFormatException when the key is no entry's
     */
    static int priorityOfEntry(String key) {
        int from = priorityAt(key, key.lastIndexOf('/') + 1);
        int to = from + PRIORITY_LENGTH;
        if (to > key.length()) {
            throw new NumberFormatException("no entry: key=" + key);
        }
        return 100 - Integer.parseInt(key, from, to, 10);
    }

    /** When an entry falls due at the earliest, from its key: at once, unless it was enqueued with a later start. */
    static Instant dueOfEntry(String key) {
        int from = key.lastIndexOf('/') + 1 + DELAYED.length();
        int to = from + MILLIS_LENGTH;
        boolean isDelayed = key.startsWith(DELAYED, from - DELAYED.length())
                && to <= key.length()
                && key.substring(from, to).chars().allMatch(c -> c >= '0' && c <= '9');
        return isDelayed ? Instant.ofEpochMilli(Long.parseLong(key, from, to, 10)) : Instant.EPOCH;
    }

    /** Where the priority stands in an entry's name that begins at a place. */
    private static int priorityAt(String text, int name) {
        return text.startsWith(DELAYED, name) ? name + DELAYED.length() + MILLIS_LENGTH + 1 : name;
    }

    private static String millis(Instant time) {
        return padded(Math.max(0, time.toEpochMilli()), MILLIS_LENGTH);
    }

    private static String padded(long number, int length) {
        String digits = Long.toString(number);
        return "0".repeat(Math.max(0, length - digits.length())) + digits;
    }
}
