/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.util.Optional;

/** Rules of outcomes and of their removal. */
enum OutcomeMutation implements Mutation {
    /** A result overwrites another. */
    RESULT_OVERWRITES {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return isResult(write, Write.Kind.CREATE) ? store.blind(process, write) : store.honest(process, write);
        }
    },
    /** The entry goes before the result comes. */
    DELETE_BEFORE_RESULT {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (isResult(write, Write.Kind.CREATE)) {
                String end = "-" + Oracle.id(write.key()) + ".json";
                store.deleteAll(process, "queues/", line -> line.key().endsWith(end));
            }
            return store.honest(process, write);
        }
    },
    /** Nobody looks at the result after a claim. */
    NO_LOOK_AT_THE_RESULT {
        @Override
        public Optional<StoredObject> look(Broken store, String process, String key) {
            return Optional.empty();
        }
    },
    /** The result is looked at when the queue is listed, and not again after the claim. */
    LOOK_BEFORE_THE_CLAIM_ONLY {
        @Override
        public ObjectPage list(Broken store, String process, ListRequest request) {
            if (request.prefix().startsWith("queues/") && Roles.works(process)) {
                store.marked.removeIf(mark -> mark.startsWith(process + " "));
                store.raw()
                        .list(ListRequest.of("results/"))
                        .objects()
                        .forEach(line -> store.marked.add(process + " " + line.key()));
            }
            return store.honestList(process, request);
        }

        @Override
        public Optional<StoredObject> look(Broken store, String process, String key) {
            return store.marked.contains(process + " " + key) ? store.honestRead(process, key) : Optional.empty();
        }
    },
    /** A cancellation is acknowledged without being committed. */
    CANCEL_WITHOUT_COMMIT {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return isResult(write, Write.Kind.CREATE) && process.startsWith(Roles.CANCELLER)
                    ? Broken.pretended()
                    : store.honest(process, write);
        }
    },
    /** A result of an earlier task with the same id is taken for this one's. */
    RESULT_OF_AN_EARLIER_LIFE_COUNTS {
        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            Optional<StoredObject> answer = store.honestRead(process, key);
            String task = "tasks/" + key.substring(key.indexOf('/') + 1);
            Optional<StoredObject> definition = store.raw().get(task);
            if (!key.startsWith("results/") || answer.isEmpty() || definition.isEmpty()) {
                return answer;
            }
            if (!(Broken.read(answer.get()) instanceof ObjectNode result) || !result.has("task_id")) {
                return answer;
            }
            result.put("definition", Broken.read(definition.get()).path("put").asText());
            return Optional.of(new StoredObject(answer.get().listed(), Broken.bytes(result)));
        }
    },
    /** Retention and deletion remove the result before the task. */
    RESULT_REMOVED_BEFORE_ITS_TASK {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (write.key().startsWith("tasks/") && write.kind() == Write.Kind.DELETE) {
                String result = "results/" + Oracle.id(write.key()) + ".json";
                store.deleteAll(process, "results/", line -> line.key().equals(result));
            }
            return store.honest(process, write);
        }
    },
    /** The result goes although its entry was changed meanwhile, so that its task stays. */
    RESULT_REMOVED_THOUGH_ITS_TASK_STAYS {
        @Override
        public boolean concerns(Plan plan) {
            return plan.outlastsResults();
        }

        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            WriteOutcome outcome = store.honest(process, write);
            boolean byRetention = !Roles.deletes(process)
                    && Broken.isEntry(write, Write.Kind.DELETE)
                    && store.raw()
                            .get("results/" + Oracle.taskOfEntry(write.key()) + ".json")
                            .map(Broken::read)
                            .filter(result -> result.has("expires_at")
                                    && !java.time.Instant.parse(
                                                    result.get("expires_at").asText())
                                            .isAfter(store.time()))
                            .isPresent();
            if (byRetention && !outcome.isApplied()) {
                String result = "results/" + Oracle.taskOfEntry(write.key()) + ".json";
                store.deleteAll(process, "results/", line -> line.key().equals(result));
            }
            return outcome;
        }
    },
    /** Only what was read together with a claim is believed, also when retention passed in between. */
    NO_SECOND_LOOK_AT_AN_OLD_DEFINITION {
        @Override
        public boolean concerns(Plan plan) {
            return plan.outlastsResults();
        }

        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            if (!key.startsWith("tasks/") || !Roles.works(process)) {
                return store.honestRead(process, key);
            }
            Optional<StoredObject> now = store.honestRead(process, key);
            if (now.isPresent()) {
                store.remember(process + key, now);
                return now;
            }
            Optional<StoredObject> before = store.remembered(process + key);
            return before == null ? now : before;
        }
    },
    /** Repair takes young tasks too, looks at the result first, and nobody looks at it after the claim of what it made. */
    REPAIR_READS_THE_RESULT_FIRST {
        @Override
        public boolean concerns(Plan plan) {
            return plan.sweepers > 0;
        }

        @Override
        public ObjectPage list(Broken store, String process, ListRequest request) {
            ObjectPage page = store.honestList(process, request);
            return request.prefix().equals("tasks/") && process.startsWith(Roles.SWEEPER)
                    ? Broken.aged(page, GRACE)
                    : page;
        }

        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            if (process.startsWith(Roles.SWEEPER) && key.startsWith("tasks/")) {
                String result = "results/" + Oracle.id(key) + ".json";
                store.remember(process + result, store.honestRead(process, result));
            }
            Optional<StoredObject> before = store.remembered(process + key);
            return before != null && process.startsWith(Roles.SWEEPER) ? before : store.honestRead(process, key);
        }

        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (Broken.isEntry(write, Write.Kind.CREATE) && process.startsWith(Roles.SWEEPER)) {
                store.marked.add("results/" + Oracle.taskOfEntry(write.key()) + ".json");
            }
            return store.honest(process, write);
        }

        @Override
        public Optional<StoredObject> look(Broken store, String process, String key) {
            return store.marked.contains(key) ? Optional.empty() : store.honestRead(process, key);
        }
    };

    private static final java.time.Duration GRACE = java.time.Duration.ofMinutes(6);

    private static boolean isResult(Write write, Write.Kind kind) {
        return write.key().startsWith("results/") && write.kind() == kind;
    }
}
