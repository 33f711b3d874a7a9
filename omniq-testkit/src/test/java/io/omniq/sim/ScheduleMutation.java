/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Rules of schedules, to be found in a year. */
enum ScheduleMutation implements Mutation {
    /** The task of a tick gets a new id each time, so two schedulers make two. */
    TICK_UNDER_A_RANDOM_NAME {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (!isTick(write)) {
                return store.honest(process, write);
            }
            String id = "random-" + store.nanos();
            ObjectNode body = Broken.json(write.body()).put("id", id);
            return store.honest(process, Write.create("tasks/" + id + ".json", Broken.bytes(body)));
        }
    },
    /** The id of a tick's task is the schedule's, without the tick: the second one is taken for the first. */
    TICK_NAMED_WITHOUT_ITS_TIME {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            boolean isFirst = !isTick(write)
                    || store.marked.add(
                            Broken.json(write.body()).get("schedule_id").asText());
            return isFirst ? store.honest(process, write) : Broken.pretended();
        }
    },
    /** The record goes past a tick before that has its task. */
    RECORD_BEFORE_TASK {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (isTick(write)) {
                Write late = write;
                store.later(() -> store.honest(process, late));
                return Broken.pretended();
            }
            return store.honest(process, write);
        }
    },
    /** A scheduler writes what it made of what it read, whatever stands there now. */
    SCHEDULE_OVERWRITTEN {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return isRecord(write) && Roles.schedules(process)
                    ? store.blind(process, write)
                    : store.honest(process, write);
        }
    },
    /** A scheduler trusts what it read for ever: its clocks stand still while it stalls. */
    OLD_RECORD_TRUSTED {
        @Override
        public Duration unnoticed(Broken store, String process) {
            return Roles.schedules(process) ? store.missed(process, LONG_STALL) : Duration.ZERO;
        }
    },
    /** Retention does not ask whether the schedule has gone past a tick. */
    TICK_REMOVED_BEFORE_IT_IS_PASSED {
        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            return key.startsWith("schedules/") && Roles.sweeps(process)
                    ? Optional.empty()
                    : store.honestRead(process, key);
        }
    },
    /** A scheduler does not see that a schedule rests. */
    REST_IGNORED {
        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            return seenAs(store, process, key, body -> body.put("status", "active"));
        }
    },
    /** A schedule goes on with the tick at which it was paused. */
    REST_IS_MADE_UP_FOR {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (!isRecord(write)) {
                return store.honest(process, write);
            }
            JsonNode before = Broken.read(store.raw().get(write.key()).orElseThrow());
            ObjectNode body = Broken.json(write.body());
            boolean resumes = before.path("status").asText().equals("paused")
                    && body.path("status").asText().equals("active");
            return resumes
                    ? store.instead(process, write, body.set("next_run", before.get("next_run")))
                    : store.honest(process, write);
        }
    },
    /** Ticks that were missed are taken together where each of them was asked for. */
    MISSED_TICKS_TAKEN_TOGETHER {
        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            return seenAs(store, process, key, body -> {
                body.remove("misfire_window");
                return body.put("misfire", "fire_once");
            });
        }

        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (!isRecord(write) || !Roles.schedules(process)) {
                return store.honest(process, write);
            }
            JsonNode before = Broken.read(store.raw().get(write.key()).orElseThrow());
            ObjectNode body = Broken.json(write.body());
            for (String field : List.of("misfire", "misfire_window")) {
                if (before.has(field)) {
                    body.set(field, before.get(field));
                }
            }
            return store.instead(process, write, body);
        }
    },
    /** A scheduler goes by a clock of its own. */
    TICK_BY_LOCAL_CLOCK {
        @Override
        public Instant now(Broken store, String process) {
            Duration offset = Duration.ofSeconds(process.hashCode() % 3600);
            return Roles.schedules(process) ? store.honestNow(process).plus(offset) : store.honestNow(process);
        }
    };

    /** Longer than any wait of a scheduler, and than a tick's task is kept. */
    private static final Duration LONG_STALL = Duration.ofHours(25);

    private static boolean isTick(Write write) {
        return write.key().startsWith("tasks/")
                && write.kind() == Write.Kind.CREATE
                && Broken.json(write.body()).has("scheduled_for");
    }

    private static boolean isRecord(Write write) {
        return write.key().startsWith("schedules/") && write.kind() == Write.Kind.REPLACE;
    }

    private static Optional<StoredObject> seenAs(
            Broken store, String process, String key, UnaryOperator<ObjectNode> change) {
        Optional<StoredObject> answer = store.honestRead(process, key);
        return key.startsWith("schedules/") && Roles.schedules(process)
                ? answer.map(object ->
                        new StoredObject(object.listed(), Broken.bytes(change.apply(Broken.json(object.body())))))
                : answer;
    }
}
