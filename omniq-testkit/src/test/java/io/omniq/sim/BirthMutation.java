/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.util.List;
import java.util.Optional;

/** Rules of tasks that are born claimed. */
enum BirthMutation implements Mutation {
    /** An entry that was there already is taken for the claim that was to be created. */
    CONFLICT_TAKEN_FOR_A_BIRTH {
        @Override
        public boolean concerns(Plan plan) {
            return plan.lateBirths;
        }

        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            WriteOutcome outcome = store.honest(process, write);
            return EntryRules.isBirth(write) && outcome.status() == WriteOutcome.Status.EXISTS
                    ? Broken.pretended()
                    : outcome;
        }
    },
    /** Tasks are born before the first heartbeat has landed. Nothing else is claimed. */
    BIRTH_BEFORE_THE_FIRST_HEARTBEAT {
        @Override
        public boolean concerns(Plan plan) {
            return plan.homes > 0;
        }

        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return write.key().startsWith("workers/") && write.kind() == Write.Kind.CREATE
                    ? Broken.pretended()
                    : store.honest(process, write);
        }

        @Override
        public ObjectPage list(Broken store, String process, ListRequest request) {
            ObjectPage page = store.honestList(process, request);
            return request.prefix().startsWith("queues/") ? new ObjectPage(List.of(), false) : page;
        }
    },
    /** A birth that took long is believed without a look at the result. */
    LATE_BIRTH_WITHOUT_A_LOOK {
        @Override
        public boolean concerns(Plan plan) {
            return plan.lateBirths;
        }

        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            WriteOutcome outcome = store.honest(process, write);
            if (EntryRules.isBirth(write) && outcome.isApplied()) {
                store.marked.add(process + " " + Oracle.taskOfEntry(write.key()));
            } else if (Broken.isEntry(write, Write.Kind.REPLACE)) {
                // From the next change on it is an entry like any other.
                store.marked.removeIf(birth -> birth.endsWith(" " + Oracle.taskOfEntry(write.key())));
            }
            return outcome;
        }

        @Override
        public Optional<StoredObject> look(Broken store, String process, String key) {
            return store.marked.contains(process + " " + Oracle.id(key))
                    ? Optional.empty()
                    : store.honestRead(process, key);
        }
    }
}
