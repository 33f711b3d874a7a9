/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.util.List;
import java.util.Optional;

/** Rules of tasks that wait for others, and of callbacks. */
enum FollowerMutation implements Mutation {
    /** Nobody looks for those who wait. */
    MARKERS_NEVER_LISTED {
        @Override
        public ObjectPage list(Broken store, String process, ListRequest request) {
            return request.prefix().startsWith("locks/children/")
                    ? new ObjectPage(List.of(), false)
                    : store.honestList(process, request);
        }
    },
    /** A child is enqueued without markers. */
    CHILD_WITHOUT_MARKERS {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return write.key().startsWith("locks/children/") && write.kind() == Write.Kind.CREATE
                    ? Broken.pretended()
                    : store.honest(process, write);
        }
    },
    /** A claim or a retry drops the mark that somebody waits for the task. */
    MARK_OF_CHILDREN_DROPPED {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (Broken.isEntry(write, Write.Kind.REPLACE) && Roles.works(process)) {
                ObjectNode body = Broken.json(write.body());
                if (body.remove("has_children") != null) {
                    return store.instead(process, write, body);
                }
            }
            return store.honest(process, write);
        }
    },
    /** A child does not wait. */
    CHILD_DOES_NOT_WAIT {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (Broken.isEntry(write, Write.Kind.CREATE)) {
                ObjectNode body = Broken.json(write.body());
                if (body.remove("waiting_for") != null) {
                    body.put("state", "ready");
                    return store.honest(process, Write.create(write.key(), Broken.bytes(body)));
                }
            }
            return store.honest(process, write);
        }
    },
    /** What it waits for is taken for removed while it lives. */
    PARENT_TAKEN_FOR_REMOVED {
        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            return key.startsWith("tasks/") && process.startsWith(Roles.FOLLOWER) && store.seen(process + key, 1)
                    ? Optional.empty()
                    : store.honestRead(process, key);
        }
    },
    /** A task without success releases those that wait for success. */
    FAILURE_COUNTS_AS_SUCCESS {
        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            return key.startsWith("results/")
                    ? store.honestRead(process, key).map(FollowerMutation::succeeded)
                    : store.honestRead(process, key);
        }
    },
    /** A callback has another name each time. */
    CALLBACK_UNDER_A_RANDOM_NAME {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (write.key().startsWith("tasks/") && write.kind() == Write.Kind.CREATE) {
                ObjectNode body = Broken.json(write.body());
                if (body.has("callback_of")) {
                    String id = "random-" + store.nanos();
                    return store.honest(
                            process, Write.create("tasks/" + id + ".json", Broken.bytes(body.put("id", id))));
                }
            }
            return store.honest(process, write);
        }
    },
    /** Callbacks are forgotten. */
    CALLBACK_NEVER_COMES {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            boolean callback = write.key().startsWith("tasks/")
                    && write.kind() == Write.Kind.CREATE
                    && Broken.json(write.body()).has("callback_of");
            return callback ? Broken.pretended() : store.honest(process, write);
        }
    };

    @Override
    public boolean concerns(Plan plan) {
        return plan.followers > 0;
    }

    private static StoredObject succeeded(StoredObject result) {
        return Broken.read(result) instanceof ObjectNode body && body.has("status")
                ? new StoredObject(result.listed(), Broken.bytes(body.put("status", "success")))
                : result;
    }
}
