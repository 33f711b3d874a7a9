/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.TaskRecord;
import io.omniq.model.TaskResult;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StorageException;
import io.omniq.store.StoredObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at many tasks at once, for those who wait for them: side by side where the store can, and once at what the tasks of a
 * batch share. A record that cannot be read is thrown to who asks for its task, so that it is nobody else's trouble.
 */
public final class AwaitedTasks {
    private final Protocol protocol;
    private final TaskLookup lookup;

    /**
     * The tasks of a protocol.
     *
     * @param protocol the protocol
     */
    public AwaitedTasks(Protocol protocol) {
        this.protocol = protocol;
        this.lookup = new TaskLookup(protocol);
    }

    /**
     * Reads outcomes.
     *
     * @param ids the tasks
     * @return tells the outcome of each of them, if it has one
     * @throws StorageException when the store fails
     */
    public Function<String, Optional<TaskResult>> outcomes(Collection<String> ids) {
        Found<BatchResult> batches = new Found<>(
                protocol.results, ids.stream().filter(BatchIds::isMember).map(AwaitedTasks::shared), BatchResult::read);
        Found<Outcome> own = new Found<>(
                protocol.results, ids.stream().filter(id -> hasOwn(batches, id)).map(Layout::result), Outcome::read);
        return id -> {
            Optional<Outcome> alone = own.get(Layout.result(id));
            Optional<Outcome> outcome = alone.isPresent() || !BatchIds.isMember(id)
                    ? alone
                    : batches.get(shared(id)).flatMap(batch -> batch.outcome(BatchIds.number(id)));
            return outcome.map(Outcome::result);
        };
    }

    /**
     * Reads where tasks stand whose outcome is not there.
     *
     * @param ids the tasks
     * @return tells where each of them stands; empty when it is not there any more
     * @throws StorageException when the store fails
     */
    public Function<String, Optional<TaskRecord>> tasks(Collection<String> ids) {
        Found<Map<String, Definition>> definitions =
                new Found<>(protocol.tasks, ids.stream().map(Layout::task), AwaitedTasks::definitions);
        Found<BatchResult> batches = new Found<>(
                protocol.results, ids.stream().filter(BatchIds::isMember).map(AwaitedTasks::shared), BatchResult::read);
        Map<String, Definition> simple = new HashMap<>();
        for (String id : ids) {
            if (!BatchIds.isMember(id) || mark(batches, id) == BatchResult.Mark.OPEN) {
                definitions
                        .readable(Layout.task(id))
                        .map(all -> all.get(id))
                        .ifPresent(definition -> simple.put(id, definition));
            }
        }
        Found<Entry> entries =
                new Found<>(protocol.tasks, simple.values().stream().map(AwaitedTasks::entryKey), Entry::read);
        return id -> {
            if (!definitions.has(Layout.task(id))) {
                return Optional.empty();
            }
            return Optional.ofNullable(simple.get(id))
                    .flatMap(definition -> entries.readable(entryKey(definition))
                            .filter(entry -> entry.state() != Entry.State.MOVED)
                            .map(entry -> entry.isBatch() ? MemberTasks.open(definition, entry) : definition.at(entry)))
                    .or(() -> lookup.get(id)); // it has moved, or ended since, or left its batch
        };
    }

    /** Whether its outcome would be an object of its own; an id of a batch names no task. */
    private static boolean hasOwn(Found<BatchResult> batches, String id) {
        return BatchIds.isMember(id) ? mark(batches, id) == BatchResult.Mark.MOVED : !BatchIds.isBatch(id);
    }

    /** Where it stands in the results of its batch; null where those cannot be read. */
    private static BatchResult.@Nullable Mark mark(Found<BatchResult> batches, String id) {
        return batches.readable(shared(id))
                .map(batch -> batch.mark(BatchIds.number(id)))
                .orElse(batches.has(shared(id)) ? null : BatchResult.Mark.OPEN);
    }

    /** The key of the results of a member's batch. */
    private static String shared(String member) {
        return Layout.result(BatchIds.batch(member));
    }

    private static String entryKey(Definition definition) {
        return BatchIds.isMember(definition.task().id())
                ? Layout.batchEntry(definition.task())
                : Layout.entry(definition.task());
    }

    private static Map<String, Definition> definitions(StoredObject object) {
        List<Definition> all = BatchIds.isBatch(Layout.id(object.key()))
                ? BatchDefinition.read(object).members()
                : List.of(Definition.read(object));
        Map<String, Definition> byTask = new HashMap<>();
        all.forEach(definition -> byTask.put(definition.task().id(), definition));
        return byTask;
    }

    /** Objects that were read together; each is parsed once. */
    private static final class Found<T> {
        private final Map<String, StoredObject> objects = new HashMap<>();
        private final Map<String, T> parsed = new HashMap<>();
        private final Function<StoredObject, T> parser;

        Found(ReliableStore store, Stream<String> wanted, Function<StoredObject, T> parser) {
            this.parser = parser;
            List<String> keys = wanted.distinct().toList();
            if (!keys.isEmpty()) {
                store.getAll(keys).forEach(found -> found.ifPresent(object -> objects.put(object.key(), object)));
            }
        }

        boolean has(String key) {
            return objects.containsKey(key);
        }

        Optional<T> get(String key) {
            StoredObject object = objects.get(key);
            if (object != null && !parsed.containsKey(key)) {
                parsed.put(key, parser.apply(object));
            }
            return Optional.ofNullable(parsed.get(key));
        }

        /** The same for those who do not mind: what cannot be read counts as none. */
        Optional<T> readable(String key) {
            try {
                return get(key);
            } catch (UnreadableRecordException e) {
                return Optional.empty();
            }
        }
    }
}
