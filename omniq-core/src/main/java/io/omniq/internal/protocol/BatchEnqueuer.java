/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.OmniQException;
import io.omniq.TaskOptions;
import io.omniq.model.NewTask;
import io.omniq.model.TaskRecord;
import io.omniq.storage.Enqueued;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Brings many tasks to life with few writes. */
final class BatchEnqueuer {
    private static final int DEFAULT_SIZE = 50;

    private final Protocol protocol;
    private final Enqueuer enqueuer;

    BatchEnqueuer(Protocol protocol, Enqueuer enqueuer) {
        this.protocol = protocol;
        this.enqueuer = enqueuer;
    }

    /** What the tasks of a batch have in common. */
    private record Kind(
            String func,
            String queue,
            int priority,
            @Nullable Duration ttl,
            int size) {
        static Kind of(NewTask request) {
            TaskOptions options = request.options();
            return new Kind(
                    request.func(),
                    options.queue().orElse(TaskMaker.DEFAULT_QUEUE),
                    options.priority().orElse(0),
                    options.ttl().orElse(null),
                    options.batchSize().orElse(DEFAULT_SIZE));
        }
    }

    /** Writes that go out together, and the tasks they bring to life, by their place in the request. */
    private static final class Group {
        final List<Draft> definitions = new ArrayList<>();
        final List<Draft> entries = new ArrayList<>();
        final Map<Integer, TaskRecord> tasks = new LinkedHashMap<>();

        List<Draft> drafts() {
            List<Draft> drafts = new ArrayList<>();
            for (int i = 0; i < definitions.size(); i++) {
                drafts.add(definitions.get(i));
                drafts.add(entries.get(i));
            }
            return drafts;
        }
    }

    /** Everything is checked before anything is written. */
    List<Enqueued> enqueue(List<NewTask> requests) {
        requests.forEach(enqueuer::check);
        Instant now = protocol.now();
        Group group = new Group();
        for (List<Integer> batch : batches(requests)) {
            add(group, requests, batch, now);
        }
        @Nullable Enqueued[] answers = new Enqueued[requests.size()];
        write(group, answers);
        for (int i = 0; i < answers.length; i++) {
            if (answers[i] == null) {
                answers[i] = enqueuer.enqueue(requests.get(i));
            }
        }
        return Arrays.stream(answers).map(Objects::requireNonNull).toList();
    }

    /** Those that need only definition and entry, as they go together: many of a kind, or one alone. */
    private List<List<Integer>> batches(List<NewTask> requests) {
        List<List<Integer>> batches = new ArrayList<>();
        Map<Kind, List<Integer>> open = new LinkedHashMap<>();
        Map<Kind, Long> bytes = new LinkedHashMap<>();
        for (int i = 0; i < requests.size(); i++) {
            NewTask request = requests.get(i);
            if (!isPlain(request.options())) {
                continue;
            }
            if (!mayShare(request.options())) {
                batches.add(List.of(i));
                continue;
            }
            Kind kind = Kind.of(request);
            long size = TaskMaker.size(request);
            List<Integer> batch = open.get(kind);
            boolean full = batch != null
                    && (batch.size() >= kind.size()
                            || bytes.getOrDefault(kind, 0L) + size > protocol.settings.maxPayload());
            if (batch == null || full) {
                batch = new ArrayList<>();
                open.put(kind, batch);
                bytes.put(kind, 0L);
                batches.add(batch);
            }
            batch.add(i);
            bytes.merge(kind, size, Long::sum);
        }
        return batches;
    }

    /** An id of ours, and nothing to be looked at first. */
    static boolean isPlain(TaskOptions options) {
        return options.id().isEmpty()
                && options.unique().isEmpty()
                && options.dependencies().isEmpty();
    }

    private static boolean mayShare(TaskOptions options) {
        return options.delay().isEmpty()
                && options.runAt().isEmpty()
                && options.callbacks().isEmpty();
    }

    private void add(Group group, List<NewTask> requests, List<Integer> batch, Instant now) {
        if (batch.size() == 1) {
            TaskRecord task =
                    TaskMaker.make(requests.get(batch.get(0)), protocol.ids.next(now), now, TaskMaker.Origin.CALLER);
            group.definitions.add(enqueuer.definition(task));
            group.entries.add(protocol.newEntry(task));
            group.tasks.put(batch.get(0), task);
            return;
        }
        String id = BatchIds.next(protocol.ids, now);
        String nonce = protocol.nonces.next();
        List<Definition> members = new ArrayList<>();
        for (int index : batch) {
            TaskRecord task = TaskMaker.make(
                    requests.get(index), BatchIds.member(id, members.size()), now, TaskMaker.Origin.CALLER);
            members.add(new Definition(task, nonce));
            group.tasks.put(index, task);
        }
        BatchDefinition definition = new BatchDefinition(id, members);
        group.definitions.add(definition.draft());
        group.entries.add(protocol.newEntry(definition));
    }

    private void write(Group group, @Nullable Enqueued[] answers) {
        List<Settled> settled = protocol.tasks.write(group.drafts());
        for (int i = 0; i < settled.size(); i += 2) {
            if (!settled.get(i).applied()) {
                throw new OmniQException("a new id is taken already; is the source of randomness broken: key="
                        + group.definitions.get(i / 2).write().key());
            }
        }
        group.tasks.forEach((index, task) -> answers[index] = enqueuer.told(new Enqueued(task, true)));
    }
}
