/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.internal.util.Paging;
import io.omniq.model.Names;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskResult;
import io.omniq.storage.ResultStorage;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.ListRequest;
import io.omniq.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The result storage of a protocol. */
public final class ResultStore implements ResultStorage {
    /** From the time the schedule went past them; far longer than a scheduler trusts what it read. */
    private static final Duration TICKS_ARE_KEPT = Duration.ofDays(1);

    private final Protocol protocol;
    private final Claims claims;
    private final Commits commits;
    private final MemberTasks members;
    private final BatchRetention retention;
    private final Quarantine quarantine;
    private final TaskRemoval removal;
    private final Places places;

    /**
     * A result storage.
     *
     * @param protocol the protocol
     */
    public ResultStore(Protocol protocol) {
        this.protocol = protocol;
        this.claims = new Claims(protocol);
        this.commits = new Commits(protocol);
        this.members = new MemberTasks(protocol);
        this.retention = new BatchRetention(protocol);
        this.removal = new TaskRemoval(protocol);
        this.places = new Places(protocol);
        this.quarantine = protocol.quarantine(protocol.results);
    }

    @Override
    public boolean set(TaskResult result) {
        if (result.status() == ResultStatus.PENDING) {
            throw new IllegalArgumentException("a pending result is never stored: task=" + result.taskId());
        }
        return BatchIds.isMember(result.taskId()) ? members.record(result) : commits.record(result);
    }

    @Override
    public Optional<TaskResult> get(String taskId) {
        String id = Names.requireTaskId(taskId);
        if (BatchIds.isBatch(id)) {
            return Optional.empty(); // no task
        }
        Optional<Outcome> outcome = BatchIds.isMember(id)
                ? members.outcome(id)
                : protocol.results.get(Layout.result(id)).map(Outcome::read);
        return outcome.map(Outcome::result);
    }

    @Override
    public boolean delete(String taskId) {
        String key = Layout.result(Names.requireTaskId(taskId));
        if (BatchIds.isMember(taskId)) {
            return members.outcome(taskId).isPresent() && members.delete(taskId);
        }
        if (BatchIds.isBatch(taskId)) {
            return false; // no task
        }
        Optional<StoredObject> object = protocol.results.get(key);
        if (object.isEmpty()) {
            return false;
        }
        while (!removeTask(taskId, object.get(), definition -> true)) {
            // its entry or its definition was changed meanwhile
        }
        return protocol.results.write(Draft.delete(key, object.get().version())).applied();
    }

    /**
     * Before its result: a task without a result would count as unfinished work. A live task stays where the result is an
     * earlier task's with the same id. False when something changed meanwhile, and the task may still stand.
     */
    private boolean removeTask(String taskId, StoredObject result, Predicate<Definition> mayGo) {
        Optional<StoredObject> stored = protocol.tasks.get(Layout.task(taskId));
        if (BatchIds.isMember(taskId)) {
            Optional<BatchDefinition> batch = stored.flatMap(commits::batch);
            return batch.isEmpty() || members.remove(taskId, stored.get(), batch.get());
        }
        Optional<Definition> definition = stored.flatMap(claims::definition);
        return definition.isEmpty()
                || !TaskLookup.concerns(result, definition.get())
                || (mayGo.test(definition.get()) && removal.remove(stored.get(), definition.get()));
    }

    @Override
    public List<TaskResult> listResults(@Nullable ResultStatus status, int limit, int offset) {
        Paging.require(limit, offset);
        List<TaskResult> page = new ArrayList<>();
        int skip = offset;
        for (StoredObject object : Listing.bodies(protocol.results, ListRequest.of(Layout.RESULTS))) {
            if (page.size() == limit) {
                break;
            }
            for (Outcome outcome : outcomes(object)) {
                boolean wanted = status == null || outcome.result().status() == status;
                if (wanted && page.size() < limit && skip-- <= 0) {
                    page.add(outcome.result());
                }
            }
        }
        return page;
    }

    /** The outcome in an object, or all those of a batch. */
    private Collection<Outcome> outcomes(StoredObject object) {
        return BatchIds.isBatch(Layout.id(object.key()))
                ? quarantine
                        .readable(object, BatchResult::read)
                        .map(batch -> batch.outcomes().values())
                        .orElse(List.of())
                : quarantine.readable(object, Outcome::read).stream().toList();
    }

    @Override
    public int cleanupExpiredResults() {
        Instant now = protocol.results.now();
        Set<String> awaited = FollowUps.awaited(protocol);
        int removed = 0;
        for (StoredObject object : Listing.bodies(
                protocol.results,
                ListRequest.of(Layout.RESULTS),
                line -> !Outcome.isKept(line, now) && !awaited.contains(Layout.id(line.key())))) {
            if (BatchIds.isBatch(Layout.id(object.key()))) {
                removed += retention.clean(object, now, awaited);
                continue;
            }
            Optional<Instant> expiresAt = quarantine
                    .readable(object, Outcome::read)
                    .map(o -> o.result().expiresAt());
            if (expiresAt.isPresent() && !expiresAt.get().isAfter(now)) {
                // What was changed meanwhile is left to the next round.
                if (removeTask(Layout.id(object.key()), object, this::isDone)
                        && protocol.results
                                .write(Draft.delete(object.key(), object.version()))
                                .applied()) {
                    removed++;
                }
            }
        }
        return removed;
    }

    /** Whether nothing is to follow its end any more, or to be made a second time. */
    private boolean isDone(Definition definition) {
        try {
            TaskRecord task = definition.task();
            if (!task.callbacks().isEmpty() && places.findReadable(task).isPresent()) {
                new FollowUps(protocol).release(task.id()); // whoever ended it died before that
            }
            if (task.scheduleId() != null && !mayGo(task, task.scheduleId())) {
                return false;
            }
            String of = task.callbackOf();
            // As long as the entry of the task it followed stands, that one's end may be met again.
            return of == null
                    || protocol.tasks
                            .get(Layout.task(of))
                            .flatMap(claims::definition)
                            .flatMap(parent -> places.findReadable(parent.task()))
                            .isEmpty();
        } catch (UnreadableRecordException e) {
            return false; // of a newer release, which knows what to do
        }
    }

    /**
     * Whether nobody can make the task of a tick a second time: its schedule has gone past it, and whoever read it before that
     * has long given up. A schedule goes past a tick when its task is made; or else says when it did.
     */
    private boolean mayGo(TaskRecord task, String scheduleId) {
        Instant young = protocol.tasks.now().minus(TICKS_ARE_KEPT);
        if (task.createdAt().isAfter(young)) {
            return false;
        }
        Optional<StoredObject> object = protocol.schedules.get(Layout.schedule(scheduleId));
        Instant tick = task.scheduledFor();
        if (object.isEmpty() || tick == null) {
            return true;
        }
        Instant next = ScheduleCodec.read(object.get()).nextRun();
        boolean isPassed = next == null || next.isAfter(tick);
        return isPassed
                && ScheduleCodec.settledAt(object.get())
                        .filter(at -> at.isAfter(young))
                        .isEmpty();
    }
}
