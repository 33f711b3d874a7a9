/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.OmniQException;
import io.omniq.RetryPolicy;
import io.omniq.TaskOptions;
import io.omniq.model.NewTask;
import io.omniq.model.TaskRecord;
import io.omniq.storage.Enqueued;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
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
            int maxAttempts,
            @Nullable RetryPolicy retry,
            @Nullable Duration timeout,
            int size) {
        static Kind of(NewTask request) {
            TaskOptions options = request.options();
            return new Kind(
                    request.func(),
                    options.queue().orElse(TaskMaker.DEFAULT_QUEUE),
                    options.priority().orElse(0),
                    options.ttl().orElse(null),
                    options.maxAttempts().orElse(0),
                    options.retry().orElse(null),
                    options.timeout().orElse(null),
                    options.batchSize().orElse(DEFAULT_SIZE));
        }
    }

    /** A task to be, and how many bytes its arguments have. */
    record Sized(NewTask request, long bytes) {}

    /** Definition and entry of one task, or of those of a batch; and these tasks, with their places in the request. */
    record Unit(Draft definition, Draft entry, List<TaskRecord> tasks, List<Integer> places) {
        void forEach(BiConsumer<Integer, TaskRecord> action) {
            for (int i = 0; i < tasks.size(); i++) {
                action.accept(places.get(i), tasks.get(i));
            }
        }
    }

    /** Everything is checked before anything is written. */
    List<Enqueued> enqueue(List<NewTask> requests) {
        List<Sized> sized = requests.stream()
                .map(request -> new Sized(request, enqueuer.check(request)))
                .toList();
        @Nullable Enqueued[] answers = new Enqueued[requests.size()];
        List<Unit> units = units(sized);
        List<Settled> settled = protocol.tasks.write(drafts(units));
        for (int i = 0; i < units.size(); i++) {
            Unit unit = units.get(i);
            requireNew(unit, settled.get(2 * i));
            unit.forEach((place, task) -> answers[place] = enqueuer.told(new Enqueued(task, true)));
        }
        for (int i = 0; i < answers.length; i++) {
            if (answers[i] == null) {
                answers[i] = enqueuer.enqueue(requests.get(i));
            }
        }
        return Arrays.stream(answers).map(Objects::requireNonNull).toList();
    }

    /** What is to be written for those that need only definition and entry; the others are left out. */
    List<Unit> units(List<Sized> requests) {
        Instant now = protocol.now();
        return batches(requests).stream()
                .map(batch -> unit(requests, batch, now))
                .toList();
    }

    /** All writes, of each unit first the definition, then the entry. */
    static List<Draft> drafts(List<Unit> units) {
        return units.stream()
                .flatMap(unit -> Stream.of(unit.definition(), unit.entry()))
                .toList();
    }

    /** Where the entry create lost, repair was faster, from our own definition: the task lives all the same. */
    static void requireNew(Unit unit, Settled definition) {
        if (!definition.applied()) {
            throw new OmniQException("a new id is taken already; is the source of randomness broken: key="
                    + unit.definition().write().key());
        }
    }

    /** A batch that takes more of its kind. */
    private static final class Open {
        private final int size;
        private List<Integer> batch = new ArrayList<>();
        private long bytes;

        Open(Kind kind) {
            this.size = kind.size();
        }

        boolean isFull(long more, long most) {
            return batch.size() >= size || bytes + more > most;
        }
    }

    /** Those that need only definition and entry, as they go together: many of a kind, or one alone. */
    private List<List<Integer>> batches(List<Sized> requests) {
        List<List<Integer>> batches = new ArrayList<>();
        Map<Kind, Open> byKind = new HashMap<>();
        NewTask before = null;
        Open open = null;
        for (int i = 0; i < requests.size(); i++) {
            NewTask request = requests.get(i).request();
            if (!isPlain(request.options())) {
                continue;
            }
            if (!mayShare(request.options())) {
                batches.add(List.of(i));
                continue;
            }
            if (open == null || !isLike(request, before)) {
                Kind kind = Kind.of(request);
                open = byKind.computeIfAbsent(kind, Open::new);
            }
            before = request;
            long bytes = requests.get(i).bytes();
            if (open.isFull(bytes, protocol.settings.maxPayload())) {
                open.batch = new ArrayList<>();
                open.bytes = 0;
            }
            if (open.batch.isEmpty()) {
                batches.add(open.batch);
            }
            open.batch.add(i);
            open.bytes += bytes;
        }
        return batches;
    }

    /** Surely of the same kind; cheap for those of one call, which most often share their options. */
    private static boolean isLike(NewTask request, @Nullable NewTask other) {
        return other != null
                && request.options().equals(other.options())
                && request.func().equals(other.func());
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

    private Unit unit(List<Sized> requests, List<Integer> batch, Instant now) {
        if (batch.size() == 1) {
            NewTask request = requests.get(batch.get(0)).request();
            TaskRecord task = TaskMaker.make(request, protocol.ids.next(now), now, TaskMaker.Origin.CALLER);
            return new Unit(enqueuer.definition(task), protocol.newEntry(task), List.of(task), batch);
        }
        String id = BatchIds.next(protocol.ids, now);
        String nonce = protocol.nonces.next();
        List<TaskRecord> tasks = new ArrayList<>(batch.size());
        List<Definition> members = new ArrayList<>(batch.size());
        for (int index : batch) {
            TaskRecord task = TaskMaker.make(
                    requests.get(index).request(), BatchIds.member(id, members.size()), now, TaskMaker.Origin.CALLER);
            members.add(new Definition(task, nonce));
            tasks.add(task);
        }
        BatchDefinition definition = new BatchDefinition(id, members);
        return new Unit(definition.draft(), protocol.newEntry(definition), tasks, batch);
    }
}
