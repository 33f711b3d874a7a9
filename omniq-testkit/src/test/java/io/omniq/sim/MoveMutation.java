/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.util.Optional;

/** Rules of moves. */
enum MoveMutation implements Mutation {
    /** A signpost is a blind put. */
    MOVE_WITHOUT_VERSION {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return isSignpost(write) ? store.blind(process, write) : store.honest(process, write);
        }
    },
    /** A task leaves without a signpost. */
    MOVE_WITHOUT_SIGNPOST {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return isSignpost(write)
                    ? store.honest(process, Write.delete(write.key(), write.expected()))
                    : store.honest(process, write);
        }
    },
    /** Nobody finishes a move, nor does the mover now and then. */
    MOVE_NEVER_FINISHED {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return Broken.isEntry(write, Write.Kind.CREATE)
                            && Broken.json(write.body()).has("moved_from")
                    ? Broken.pretended()
                    : store.honest(process, write);
        }
    },
    /** The task begins anew in its other queue. */
    MOVE_LOSES_THE_COUNTERS {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (Broken.isEntry(write, Write.Kind.CREATE)) {
                ObjectNode body = Broken.json(write.body());
                if (body.has("moved_from") && body.path("attempt").asInt() > 0) {
                    return store.honest(process, Write.create(write.key(), Broken.bytes(body.put("attempt", 0))));
                }
            }
            return store.honest(process, write);
        }
    },
    /** Signposts stay. */
    SIGNPOST_STAYS {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            boolean signpost = Broken.isEntry(write, Write.Kind.DELETE)
                    && store.raw()
                            .get(write.key())
                            .filter(MoveMutation::isSignpost)
                            .isPresent();
            return signpost ? Broken.pretended() : store.honest(process, write);
        }
    },
    /** A signpost is taken for the entry. */
    CLAIM_OF_A_SIGNPOST {
        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            Optional<StoredObject> answer = store.honestRead(process, key);
            return key.startsWith("queues/") && Roles.works(process)
                    ? answer.map(object -> isSignpost(object)
                            ? new StoredObject(
                                    object.listed(),
                                    Broken.bytes(Broken.json(object.body()).put("state", "ready")))
                            : object)
                    : answer;
        }
    };

    @Override
    public boolean concerns(Plan plan) {
        return plan.movers > 0;
    }

    private static boolean isSignpost(StoredObject entry) {
        return Broken.read(entry).path("state").asText().equals("moved");
    }

    private static boolean isSignpost(Write write) {
        return Broken.isEntry(write, Write.Kind.REPLACE)
                && Broken.json(write.body()).path("state").asText().equals("moved");
    }
}
