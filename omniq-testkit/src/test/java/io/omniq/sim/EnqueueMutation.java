/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.util.Optional;

/** Rules of enqueueing. */
enum EnqueueMutation implements Mutation {
    /** An enqueue is acknowledged although its definition never comes. */
    ENQUEUE_WITHOUT_DEFINITION {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return write.key().startsWith("tasks/") && write.kind() == Write.Kind.CREATE && store.chance(0.2)
                    ? Broken.pretended()
                    : store.honest(process, write);
        }
    },
    /** An enqueue is acknowledged although its entry never comes. */
    ENQUEUE_WITHOUT_ENTRY {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return Broken.isEntry(write, Write.Kind.CREATE) && process.startsWith(Roles.PRODUCER) && store.chance(0.2)
                    ? Broken.pretended()
                    : store.honest(process, write);
        }
    },
    /** An enqueue with a known id and another priority makes a second entry, although it is refused. */
    SECOND_ENTRY_BY_OTHER_PRIORITY {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            WriteOutcome outcome = store.honest(process, write);
            return createEntryOf(store, process, write, outcome, write.body());
        }
    },
    /** A repeated enqueue creates the entry side by side with the definition, and nobody looks at the result of that one. */
    ENTRY_BESIDE_THE_DEFINITION {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            WriteOutcome outcome = store.honest(process, write);
            store.raw()
                    .get(write.key())
                    .filter(present -> write.key().startsWith("tasks/")
                            && Broken.read(present)
                                    .path("metadata")
                                    .equals(Broken.json(write.body()).path("metadata")))
                    .ifPresent(present -> createEntryOf(store, process, write, outcome, present.body()));
            return outcome;
        }

        @Override
        public Optional<StoredObject> look(Broken store, String process, String key) {
            return store.marked.contains(key) ? Optional.empty() : store.honestRead(process, key);
        }
    },
    /** A repeated enqueue of a finished task makes a new entry. */
    SECOND_LIFE_BY_REPEATED_ENQUEUE {
        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            return key.startsWith("results/") && process.startsWith(Roles.PRODUCER)
                    ? Optional.empty()
                    : store.honestRead(process, key);
        }
    },
    /** One's own write is not known again after a lost answer. */
    OWN_NONCE_NOT_KNOWN {
        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            Optional<StoredObject> answer = store.honestRead(process, key);
            if (!key.startsWith("tasks/")
                    || !process.startsWith(Roles.PRODUCER)
                    || answer.isEmpty()
                    || !(Broken.read(answer.get()) instanceof ObjectNode body)) {
                return answer;
            }
            return Optional.of(new StoredObject(answer.get().listed(), Broken.bytes(body.put("put", "another"))));
        }
    };

    private static WriteOutcome createEntryOf(
            Broken store, String process, Write write, WriteOutcome outcome, byte[] definition) {
        if (write.key().startsWith("tasks/own-") && outcome.status() == WriteOutcome.Status.EXISTS) {
            JsonNode task = Broken.json(definition);
            ObjectNode entry = Broken.json("{\"format\":1,\"state\":\"ready\",\"attempt\":0,\"put\":\"x\"}"
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            entry.set("task_id", task.get("id"));
            entry.set("func", task.get("func"));
            entry.set("queue_name", task.get("queue_name"));
            entry.set("priority", task.get("priority"));
            store.honest(process, Write.create(new Life(task, store.time()).entryKey, Broken.bytes(entry)));
            store.marked.add("results/" + task.get("id").asText() + ".json");
        }
        return outcome;
    }
}
