/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Rules of claims and of what is put back. */
enum ClaimMutation implements Mutation {
    /** A claim is a blind put. */
    CLAIM_WITHOUT_VERSION {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return Broken.isClaim(write) ? store.blind(process, write) : store.honest(process, write);
        }
    },
    /** A retry or release is a blind put: a stale worker changes an entry that is another's. */
    RETRY_WITHOUT_VERSION {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return Broken.isPutBack(write) ? store.blind(process, write) : store.honest(process, write);
        }
    },
    /** The entry of a task that is to be retried is deleted and made anew: the new one may be lost. */
    RETRY_AS_DELETE_AND_CREATE {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return Broken.isPutBack(write)
                    ? store.honest(process, Write.delete(write.key(), write.expected()))
                    : store.honest(process, write);
        }
    },
    /** A claim does not count. */
    CLAIM_WITHOUT_ATTEMPT {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (Broken.isClaim(write)) {
                ObjectNode body = Broken.json(write.body());
                if (body.get("attempt").asInt() > 1) {
                    return store.instead(process, write, body.put("attempt", 1));
                }
            }
            return store.honest(process, write);
        }
    },
    /** The next claim drops the request to cancel. */
    CLAIM_DROPS_CANCEL_REQUEST {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (Broken.isClaim(write) && Roles.works(process)) {
                ObjectNode body = Broken.json(write.body());
                if (body.remove("cancel_requested") != null) {
                    return store.instead(process, write, body);
                }
            }
            return store.honest(process, write);
        }
    },
    /** A worker never finds again what it claimed without knowing. */
    FORGOTTEN_CLAIMS_STAY_FORGOTTEN {
        @Override
        public ObjectPage list(Broken store, String process, ListRequest request) {
            ObjectPage page = store.honestList(process, request);
            return request.prefix().startsWith("queues/")
                    ? Broken.only(
                            page,
                            line -> store.raw()
                                    .get(line.key())
                                    .filter(entry -> store.isOwn(process, entry))
                                    .isEmpty())
                    : page;
        }
    },
    /** A claim whose version was changed by a cancel request is not known as one's own any more, and dropped. */
    CLAIM_KNOWN_BY_VERSION_ONLY {
        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            Optional<StoredObject> answer = store.honestRead(process, key);
            return key.startsWith("queues/")
                    ? answer.filter(entry ->
                            !store.isOwn(process, entry) || !Broken.read(entry).has("cancel_requested"))
                    : answer;
        }
    },
    /** The time before which an entry must not be claimed is overlooked. */
    CLAIM_BEFORE_IT_IS_DUE {
        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            Optional<StoredObject> answer = store.honestRead(process, key);
            return key.startsWith("queues/") && Roles.works(process)
                    ? answer.filter(entry -> Broken.read(entry).has("not_before"))
                            .map(entry -> {
                                ObjectNode body = Broken.json(entry.body());
                                body.remove("not_before");
                                return new StoredObject(entry.listed(), Broken.bytes(body));
                            })
                            .or(() -> answer)
                    : answer;
        }

        @Override
        public ObjectPage list(Broken store, String process, ListRequest request) {
            return ATTRIBUTES_GONE.apply(store.honestList(process, request.before(null)));
        }
    },
    /** The deaths of workers over a task are not counted. */
    DEATHS_NOT_COUNTED {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return Broken.isClaim(write)
                    ? store.instead(process, write, Broken.json(write.body()).put("crashes", 0))
                    : store.honest(process, write);
        }
    },
    /** A retry or release does not end a row of deaths. */
    DEATHS_NOT_RESET {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            Optional<StoredObject> before = store.raw().get(write.key());
            if (Broken.isPutBack(write) && before.isPresent()) {
                int deaths = Broken.read(before.get()).path("crashes").asInt();
                return store.instead(process, write, Broken.json(write.body()).put("crashes", deaths));
            }
            return store.honest(process, write);
        }
    },
    /** Failures are not counted against the limit. */
    FAILURES_NOT_COUNTED {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return Broken.isPutBack(write)
                    ? store.instead(process, write, Broken.json(write.body()).put("failures", 0))
                    : store.honest(process, write);
        }
    },
    /** An entry whose definition is not there yet is removed at once. */
    NO_GRACE_FOR_A_MISSING_DEFINITION {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return lacksDefinition(write)
                    ? store.honest(process, Write.delete(write.key(), write.expected()))
                    : store.honest(process, write);
        }
    },
    /** An entry whose definition is not there yet waits for all of the grace. */
    WHOLE_GRACE_AT_ONCE {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (!lacksDefinition(write)) {
                return store.honest(process, write);
            }
            ObjectNode body = Broken.json(write.body());
            Instant since = Instant.parse(body.get(MISSING).asText());
            body.put("not_before", since.plus(Duration.ofMinutes(5)).toString());
            return store.instead(process, write, body);
        }
    },
    /** An entry whose definition never comes is put back for ever. */
    GRACE_WITHOUT_END {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            if (!lacksDefinition(write)) {
                return store.honest(process, write);
            }
            ObjectNode body = Broken.json(write.body());
            body.remove(MISSING);
            return store.instead(process, write, body);
        }
    };

    private static final String MISSING = "missing_since";

    private static final java.util.function.UnaryOperator<ObjectPage> ATTRIBUTES_GONE = page -> new ObjectPage(
            page.objects().stream()
                    .map(line -> new io.omniq.store.ListedObject(
                            line.key(), line.version(), line.updated(), java.util.Map.of()))
                    .toList(),
            page.more());

    /** Whether an entry is put back because its definition is not there yet. */
    private static boolean lacksDefinition(Write write) {
        return Broken.isPutBack(write) && Broken.json(write.body()).has(MISSING);
    }
}
