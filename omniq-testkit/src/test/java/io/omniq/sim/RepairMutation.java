/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.util.List;
import java.util.Optional;

/** Rules of repair, of damaged records, and of several tasks with one id. */
enum RepairMutation implements Mutation {
    /** Orphans are never looked for. */
    NO_REPAIR_OF_ORPHANS {
        @Override
        public ObjectPage list(Broken store, String process, ListRequest request) {
            return request.prefix().equals("tasks/")
                    ? new ObjectPage(List.of(), false)
                    : store.honestList(process, request);
        }
    },
    /** A damaged record stays where it is. */
    DAMAGED_RECORD_STAYS {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return write.kind() == Write.Kind.DELETE && isDamaged(store, write.key())
                    ? Broken.pretended()
                    : store.honest(process, write);
        }
    },
    /** A damaged record goes without a copy. */
    DAMAGED_RECORD_WITHOUT_COPY {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return write.key().startsWith("locks/quarantine/") ? Broken.pretended() : store.honest(process, write);
        }
    },
    /** A damaged definition goes, and its task with it. */
    DAMAGED_DEFINITION_WITHOUT_END {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            boolean end = write.key().startsWith("results/")
                    && write.kind() == Write.Kind.CREATE
                    && "damaged"
                            .equals(Broken.json(write.body()).path("definition").asText());
            return end ? Broken.pretended() : store.honest(process, write);
        }
    },
    /** A deletion takes whatever entry is there, also a later task's. */
    ENTRY_REMOVED_WITHOUT_VERSION {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            Optional<StoredObject> present = store.raw().get(write.key());
            return Broken.isEntry(write, Write.Kind.DELETE) && present.isPresent()
                    ? store.honest(
                            process, Write.delete(write.key(), present.get().version()))
                    : store.honest(process, write);
        }
    },
    /** A canceller does not look at the definition again after it has read the entry. */
    CANCEL_OF_WHAT_WAS_READ_FIRST {
        @Override
        public boolean concerns(Plan plan) {
            return plan.deleters > 0 || plan.outlastsResults();
        }

        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            if (!key.startsWith("tasks/") || !process.startsWith(Roles.CANCELLER)) {
                return store.honestRead(process, key);
            }
            Optional<StoredObject> before = store.remembered(process + key);
            store.remember(process + key, before == null ? store.honestRead(process, key) : null);
            return before == null ? java.util.Objects.requireNonNull(store.remembered(process + key)) : before;
        }
    };

    private static boolean isDamaged(Broken store, String key) {
        return store.raw()
                .get(key)
                .filter(object ->
                        key.startsWith("queues/") && !Broken.read(object).has("task_id"))
                .isPresent();
    }
}
