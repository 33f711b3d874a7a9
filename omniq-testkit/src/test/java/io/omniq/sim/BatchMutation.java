/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.util.List;
import java.util.Optional;

/** Rules of batches. */
enum BatchMutation implements Mutation {
    /** Outcomes are a blind put: what another wrote in between is gone. */
    BATCH_RESULTS_WITHOUT_VERSION {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return isResults(write) ? store.blind(process, write) : store.honest(process, write);
        }
    },
    /** Of two outcomes of a member the last one counts. */
    LAST_OUTCOME_OF_A_MEMBER_WINS {
        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            return store.honestRead(process, key)
                    .map(object -> isResults(key) && Roles.works(process) ? without(object, "outcomes") : object);
        }
    },
    /** Nobody is marked as one that leaves. */
    LEFT_WITHOUT_A_MARK {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (isResults(write) && Broken.json(write.body()).has("moved")) {
                ObjectNode body = Broken.json(write.body());
                body.remove("moved");
                return write.kind() == Write.Kind.CREATE
                        ? store.honest(process, Write.create(write.key(), Broken.bytes(body)))
                        : store.instead(process, write, body);
            }
            return store.honest(process, write);
        }
    },
    /** One that leaves is not named in the entry first. */
    LEFT_WITHOUT_BEING_NAMED {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (isEntry(write, Write.Kind.REPLACE) && Broken.json(write.body()).has("moved")) {
                ObjectNode body = Broken.json(write.body());
                body.remove("moved");
                return store.instead(process, write, body);
            }
            return store.honest(process, write);
        }
    },
    /** The batch's entry goes before those that leave have theirs. */
    BATCH_ENTRY_REMOVED_FIRST {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            boolean own = Broken.isEntry(write, Write.Kind.CREATE)
                    && BatchRules.isMember(Oracle.taskOfEntry(write.key()))
                    && Roles.works(process)
                    && !Broken.json(write.body()).has("moved_from");
            return own ? Broken.pretended() : store.honest(process, write);
        }
    },
    /** The entry of a batch goes although members are open. */
    BATCH_ENTRY_REMOVED_TOO_SOON {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            WriteOutcome outcome = store.honest(process, write);
            if (isResults(write) && outcome.isApplied() && Roles.works(process)) {
                String batch = Oracle.id(write.key());
                store.deleteAll(process, "queues/", line -> line.key().endsWith("-" + batch + ".json"));
            }
            return outcome;
        }
    },
    /** A claimer does not care who has left; what it writes keeps their names and marks. */
    CLAIMER_RUNS_THOSE_WHO_LEFT {
        @Override
        public Optional<StoredObject> look(Broken store, String process, String key) {
            return store.honestRead(process, key).map(object -> isResults(key) ? without(object, "moved") : object);
        }

        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            return store.honestRead(process, key)
                    .map(object ->
                            BatchRules.isEntry(object) && Roles.works(process) ? without(object, "moved") : object);
        }

        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            boolean ofBatch =
                    isEntry(write, Write.Kind.REPLACE) || (isResults(write) && write.kind() == Write.Kind.REPLACE);
            JsonNode there = store.raw()
                    .get(write.key())
                    .map(object -> Broken.read(object).path("moved"))
                    .orElse(null);
            if (!ofBatch || there == null || there.isMissingNode() || !Roles.works(process)) {
                return store.honest(process, write);
            }
            ObjectNode body = Broken.json(write.body());
            JsonNode mine = body.path("moved");
            if (there instanceof ObjectNode names) {
                ObjectNode all = names.deepCopy();
                mine.properties().forEach(name -> all.set(name.getKey(), name.getValue()));
                all.setAll(names);
                body.set("moved", all);
            } else {
                ArrayNode all = there.deepCopy();
                mine.forEach(all::add);
                body.set("moved", all);
            }
            return store.instead(process, write, body);
        }
    },
    /** A claimer does not look at what has ended. */
    CLAIMER_RUNS_THOSE_WHO_ENDED {
        @Override
        public Optional<StoredObject> look(Broken store, String process, String key) {
            return isResults(key) ? Optional.empty() : store.honestRead(process, key);
        }
    },
    /** Whoever lost the claim names members all the same. */
    LEFT_WITHOUT_THE_CLAIM {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return isEntry(write, Write.Kind.REPLACE)
                            && Broken.json(write.body()).has("moved")
                    ? store.blind(process, write)
                    : store.honest(process, write);
        }
    },
    /** What an earlier failure was is forgotten on the way out. */
    LEFT_WITHOUT_ITS_FAILURE {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (Broken.isEntry(write, Write.Kind.CREATE) && BatchRules.isMember(Oracle.taskOfEntry(write.key()))) {
                ObjectNode body = Broken.json(write.body());
                if (body.path("failures").asInt() > 0) {
                    return store.honest(process, Write.create(write.key(), Broken.bytes(body.put("failures", 0))));
                }
            }
            return store.honest(process, write);
        }
    },
    /** Deaths over a batch are not counted, so it is never broken up. */
    DEATHS_OVER_A_BATCH_NOT_COUNTED {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (isEntry(write, Write.Kind.REPLACE)) {
                ObjectNode body = Broken.json(write.body());
                if (body.path("crashes").asInt() > 0) {
                    return store.instead(process, write, body.put("crashes", 0));
                }
            }
            return store.honest(process, write);
        }

        @Override
        public boolean concerns(Plan plan) {
            return plan.batchers > 0;
        }
    },
    /** A batch is acknowledged without its entry. */
    BATCH_WITHOUT_ENTRY {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return isEntry(write, Write.Kind.CREATE) ? Broken.pretended() : store.honest(process, write);
        }
    },
    /** A batch without entry is not repaired. */
    NO_REPAIR_OF_BATCHES {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return isEntry(write, Write.Kind.CREATE) && Roles.sweeps(process)
                    ? Broken.pretended()
                    : store.honest(process, write);
        }
    },
    /** A cancellation is an outcome of its own, whatever stands in the batch's results. */
    MEMBER_CANCELLED_IN_ITS_OWN_OBJECT {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (isResults(write) && process.startsWith(Roles.CANCELLER)) {
                JsonNode outcomes = Broken.json(write.body()).path("outcomes");
                ObjectNode mine = (ObjectNode) outcomes.get(outcomes.size() - 1);
                mine.put("format", 1);
                mine.set("definition", Broken.json(write.body()).get("definition"));
                String id = mine.path("task_id").asText();
                return store.honest(process, Write.create("results/" + id + ".json", Broken.bytes(mine)));
            }
            return store.honest(process, write);
        }
    },
    /** A removed member comes back with the next write. */
    REMOVAL_OF_A_MEMBER_FORGOTTEN {
        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            return store.honestRead(process, key)
                    .map(object -> isResults(key) && !Roles.deletes(process) ? without(object, "removed") : object);
        }
    },
    /** Whoever writes an outcome does not look whether somebody waits for it. */
    AWAITED_NOT_LOOKED_AT {
        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            return store.honestRead(process, key)
                    .map(object -> isResults(key) && Roles.works(process) ? without(object, "awaited") : object);
        }

        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return keepingAwaited(store, process, write);
        }

        @Override
        public boolean concerns(Plan plan) {
            return isWaitedFor(plan);
        }
    },
    /** Whoever writes an outcome drops the note that somebody waits for it. */
    NOTE_OF_THOSE_WHO_WAIT_DROPPED {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            boolean drops = isResults(write) && write.kind() == Write.Kind.REPLACE && Roles.works(process);
            ObjectNode body = drops ? Broken.json(write.body()) : null;
            return body != null && body.remove("awaited") != null
                    ? store.instead(process, write, body)
                    : store.honest(process, write);
        }

        @Override
        public boolean concerns(Plan plan) {
            return isWaitedFor(plan);
        }
    },
    /** Those who wait for a member are not looked for by who removes the entry of its batch, nor by who ended it. */
    MARKERS_OF_MEMBERS_NEVER_LISTED {
        @Override
        public ObjectPage list(Broken store, String process, ListRequest request) {
            return BatchRules.isMember(parent(request)) && !Roles.deletes(process)
                    ? new ObjectPage(List.of(), false)
                    : store.honestList(process, request);
        }

        @Override
        public boolean concerns(Plan plan) {
            return isWaitedFor(plan);
        }
    },
    /** The entry of a batch that is over goes before those who wait for a member were told. */
    BATCH_ENTRY_GONE_BEFORE_THEY_ARE_TOLD {
        @Override
        public ObjectPage list(Broken store, String process, ListRequest request) {
            String parent = parent(request);
            return BatchRules.isMember(parent) && hasEntry(store, parent)
                    ? new ObjectPage(List.of(), false)
                    : store.honestList(process, request);
        }

        private boolean hasEntry(Broken store, String member) {
            String end = "-" + member.substring(0, member.indexOf('.')) + ".json";
            return store.raw().list(ListRequest.of("queues/")).objects().stream()
                    .anyMatch(line -> line.key().endsWith(end));
        }

        @Override
        public boolean concerns(Plan plan) {
            return isWaitedFor(plan);
        }
    },
    /** One that leaves its batch forgets that somebody waits for it. */
    LEFT_WITHOUT_THOSE_WHO_WAIT {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (Broken.isEntry(write, Write.Kind.CREATE) && BatchRules.isMember(Oracle.taskOfEntry(write.key()))) {
                ObjectNode body = Broken.json(write.body());
                if (body.remove("has_children") != null) {
                    return store.honest(process, Write.create(write.key(), Broken.bytes(body)));
                }
            }
            return store.honest(process, write);
        }

        @Override
        public boolean concerns(Plan plan) {
            return isWaitedFor(plan);
        }
    },
    /** Those whose task another one writes are answered before the write has landed. */
    ANSWERED_BEFORE_IT_LANDED {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (ofCrowd(process, write) && write.key().startsWith("tasks/")) {
                store.later(() -> store.honest(process, write));
                return Broken.pretended();
            }
            return store.honest(process, write);
        }

        @Override
        public boolean concerns(Plan plan) {
            return plan.crowds > 0;
        }
    },
    /** The failure of a write is told to nobody of those who share it. */
    FAILURE_TOLD_TO_NOBODY {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return ofCrowd(process, write) && write.key().startsWith("queues/") && store.chance(0.1)
                    ? Broken.pretended()
                    : store.honest(process, write);
        }

        @Override
        public boolean concerns(Plan plan) {
            return plan.crowds > 0;
        }
    },
    /** Of two groups that were formed at the same time both have the same name, and the last one counts. */
    GROUPS_UNDER_ONE_NAME {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return ofCrowd(process, write) && write.key().startsWith("tasks/") && store.seen(process, 1)
                    ? Broken.pretended()
                    : store.honest(process, write);
        }

        @Override
        public boolean concerns(Plan plan) {
            return plan.crowds > 0;
        }
    },
    /** A task that waits for a member does not note it in the results. */
    MEMBER_WITHOUT_A_NOTE {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            boolean notes = isResults(write)
                    && process.startsWith(Roles.FOLLOWER)
                    && Broken.json(write.body()).has("awaited");
            return notes ? Broken.pretended() : store.honest(process, write);
        }

        @Override
        public boolean concerns(Plan plan) {
            return isWaitedFor(plan);
        }
    };

    private static final String CHILDREN = "locks/children/";

    @Override
    public boolean concerns(Plan plan) {
        return plan.batchers > 0;
    }

    /** A batch that was formed of single enqueues. */
    private static boolean ofCrowd(String process, Write write) {
        return process.startsWith(Roles.CROWD) && write.kind() == Write.Kind.CREATE && BatchRules.isBatch(write.key());
    }

    /** Whose markers are listed; empty for those of all, and for other listings. */
    private static String parent(ListRequest request) {
        String prefix = request.prefix();
        return prefix.startsWith(CHILDREN) && !prefix.equals(CHILDREN)
                ? prefix.substring(CHILDREN.length(), prefix.length() - 1)
                : "";
    }

    private static boolean isWaitedFor(Plan plan) {
        return plan.batchers > 0 && plan.followers > 0;
    }

    /** Of a process that did not see who is awaited: what stood there stays. */
    private static WriteOutcome keepingAwaited(Broken store, String process, Write write) {
        JsonNode there = store.raw()
                .get(write.key())
                .map(object -> Broken.read(object).path("awaited"))
                .orElse(null);
        if (!isResults(write) || write.kind() != Write.Kind.REPLACE || there == null || there.isMissingNode()) {
            return store.honest(process, write);
        }
        ObjectNode body = Broken.json(write.body());
        return body.has("awaited")
                ? store.honest(process, write)
                : store.instead(process, write, body.set("awaited", there));
    }

    private static boolean isResults(String key) {
        return key.startsWith("results/") && BatchRules.isBatch(key);
    }

    private static boolean isResults(Write write) {
        return isResults(write.key()) && write.kind() != Write.Kind.DELETE;
    }

    private static boolean isEntry(Write write, Write.Kind kind) {
        return Broken.isEntry(write, kind) && BatchRules.isBatch(write.key());
    }

    private static StoredObject without(StoredObject object, String field) {
        ObjectNode body = Broken.json(object.body());
        if (body.get(field) instanceof ArrayNode) {
            body.putArray(field);
        } else {
            body.remove(field);
        }
        return new StoredObject(object.listed(), Broken.bytes(body));
    }
}
