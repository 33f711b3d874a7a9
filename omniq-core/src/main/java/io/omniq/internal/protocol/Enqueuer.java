/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.InvalidTaskException;
import io.omniq.OmniQException;
import io.omniq.TaskConflictException;
import io.omniq.TaskOptions;
import io.omniq.model.EventType;
import io.omniq.model.NewTask;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskStatus;
import io.omniq.storage.Enqueued;
import io.omniq.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings tasks to life.
 *
 * <p>With an id of the library's, definition and entry go out as one group. With a caller's id the definition goes first:
 * if it exists, the entry is created only when neither entry nor result is there, because a finished task has no entry
 * and must not get a second life.
 */
final class Enqueuer {
    private static final int DEFAULT_MAX_ATTEMPTS = 10;

    private final Protocol protocol;

    Enqueuer(Protocol protocol) {
        this.protocol = protocol;
    }

    Enqueued enqueue(NewTask request) {
        requireSmall(request);
        Instant now = protocol.now();
        TaskOptions options = request.options();
        TaskRecord task = record(request, options.id().orElseGet(() -> protocol.ids.next(now)), now);
        Enqueued enqueued = options.id().isPresent() ? enqueueKnown(task) : enqueueNew(task);
        if (enqueued.created()) {
            protocol.sink.tell(EventType.ENQUEUED, enqueued.task(), null);
        }
        return enqueued;
    }

    private Enqueued enqueueNew(TaskRecord task) {
        Draft definition = Draft.create(Layout.task(task.id()), Definition.write(task), protocol.nonces.next());
        List<Settled> settled = protocol.tasks.write(List.of(definition, protocol.newEntry(task)));
        if (!settled.get(0).applied()) {
            throw new OmniQException("a new id is taken already; is the source of randomness broken: id=" + task.id());
        }
        // Where the entry create lost, repair was faster, from our own definition: the task lives all the same.
        return new Enqueued(task, true);
    }

    private Enqueued enqueueKnown(TaskRecord task) {
        Draft draft = Draft.create(Layout.task(task.id()), Definition.write(task), protocol.nonces.next());
        Settled settled = protocol.tasks.write(draft);
        if (settled.applied()) {
            protocol.tasks.write(protocol.newEntry(task));
            return new Enqueued(task, true);
        }
        StoredObject current = settled.current();
        if (current == null) {
            return enqueueKnown(task); // deleted between our create and our look
        }
        Definition definition = Definition.read(current);
        TaskRecord stored = definition.task();
        List<String> differences = Definition.differences(stored, task);
        if (!differences.isEmpty()) {
            throw new TaskConflictException(task.id(), differences);
        }
        if (protocol.tasks.get(Layout.entry(stored)).isPresent()
                || TaskLookup.result(protocol, definition).isPresent()) {
            return new Enqueued(stored, false);
        }
        // Retention removes the definition before the result: while it stands, the missing result was not removed.
        return protocol.tasks.isUnchanged(current)
                ? new Enqueued(
                        stored, protocol.tasks.write(protocol.newEntry(stored)).applied())
                : enqueueKnown(task);
    }

    private void requireSmall(NewTask request) {
        long bytes = 0;
        for (JsonNode arg : request.args()) {
            bytes += Json.bytes(arg).length;
        }
        for (Map.Entry<String, JsonNode> arg : request.kwargs().entrySet()) {
            bytes += arg.getKey().length() + Json.bytes(arg.getValue()).length;
        }
        int limit = protocol.settings.maxPayload();
        if (bytes > limit) {
            throw new InvalidTaskException(
                    "arguments are too large; store the data elsewhere and pass a reference: name=" + request.func()
                            + " bytes=" + bytes + " limit=" + limit);
        }
    }

    private TaskRecord record(NewTask request, String id, Instant now) {
        TaskOptions options = request.options();
        @Nullable Duration delay = options.delay().orElse(null);
        Instant runAt = options.runAt()
                .map(time -> time.truncatedTo(ChronoUnit.MILLIS))
                .orElse(delay == null ? now : now.plus(delay).truncatedTo(ChronoUnit.MILLIS));
        Instant start = runAt.isAfter(now) ? runAt : now;
        return new TaskRecord(
                id,
                request.func(),
                request.args(),
                request.kwargs(),
                options.queue().orElse("default"),
                options.priority().orElse(0),
                now,
                runAt,
                delay,
                options.ttl().orElse(null),
                options.ttl().map(start::plus).orElse(null),
                TaskStatus.PENDING,
                0,
                0,
                options.maxAttempts().orElse(DEFAULT_MAX_ATTEMPTS) - 1,
                options.retry().orElse(null),
                options.timeout().orElse(null),
                List.of(),
                Map.of(),
                options.metadata());
    }
}
