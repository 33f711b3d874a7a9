/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.util.Optional;

/** Rules of unique tasks, of paused queues and of second chances. */
enum RivalMutation implements Mutation {
    /** The lock is a blind put: two hold it. */
    LOCK_IGNORED {
        @Override
        public boolean concerns(Plan plan) {
            return plan.rivals > 0;
        }

        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return isLock(write.key()) && write.kind() != Write.Kind.DELETE
                    ? store.blind(process, write)
                    : store.honest(process, write);
        }
    },
    /** A lock of a task that is gone stays. */
    LOCK_STAYS {
        @Override
        public boolean concerns(Plan plan) {
            return plan.rivals > 0;
        }

        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return isLock(write.key()) && write.kind() == Write.Kind.DELETE
                    ? Broken.pretended()
                    : store.honest(process, write);
        }
    },
    /** A worker does not see that a queue is paused. */
    PAUSE_NOT_SEEN {
        @Override
        public boolean concerns(Plan plan) {
            return plan.pausers > 0;
        }

        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            Optional<StoredObject> answer = store.honestRead(process, key);
            return key.startsWith("locks/paused/") && Roles.works(process) ? Optional.empty() : answer;
        }
    },
    /** A redrive has another name each time. */
    REDRIVE_UNDER_A_RANDOM_NAME {
        @Override
        public boolean concerns(Plan plan) {
            return plan.redrivers > 0;
        }

        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (write.key().startsWith("tasks/") && write.kind() == Write.Kind.CREATE) {
                ObjectNode body = Broken.json(write.body());
                if (body.has("redrive_of")) {
                    String id = "random-" + store.nanos();
                    return store.honest(
                            process, Write.create("tasks/" + id + ".json", Broken.bytes(body.put("id", id))));
                }
            }
            return store.honest(process, write);
        }
    },
    /** What was redriven is not noted, or not read: its redrives are counted as one higher each time. */
    REDRIVE_WHILE_ANOTHER_LIVES {
        @Override
        public boolean concerns(Plan plan) {
            return plan.redrivers > 0;
        }

        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            Optional<StoredObject> answer = store.honestRead(process, key);
            return process.startsWith(Roles.REDRIVER)
                            && key.startsWith("tasks/")
                            && answer.filter(task -> Broken.read(task).has("redrive_of"))
                                    .isPresent()
                    ? Optional.empty()
                    : answer;
        }
    };

    private static boolean isLock(String key) {
        return key.startsWith("locks/unique/");
    }
}
