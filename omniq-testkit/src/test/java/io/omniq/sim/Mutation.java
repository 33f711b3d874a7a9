/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectPage;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Deliberate bugs of the protocol, made at the store, where each shows as what the buggy code would have written or would not
 * have seen. The simulator must find every one of them.
 */
enum Mutation {
    /** A claim is a blind put. */
    CLAIM_WITHOUT_VERSION {
        @Override
        WriteOutcome apply(Broken store, String process, Write write) {
            return isEntry(write) && write.kind() == Write.Kind.REPLACE && isRunning(write)
                    ? store.blind(process, write)
                    : store.honest(process, write);
        }
    },
    /** A retry or release is a blind put. */
    RETRY_WITHOUT_VERSION {
        @Override
        WriteOutcome apply(Broken store, String process, Write write) {
            return isEntry(write) && write.kind() == Write.Kind.REPLACE && !isRunning(write)
                    ? store.blind(process, write)
                    : store.honest(process, write);
        }
    },
    /** A result overwrites another. */
    RESULT_OVERWRITES {
        @Override
        WriteOutcome apply(Broken store, String process, Write write) {
            return write.key().startsWith("results/") ? store.blind(process, write) : store.honest(process, write);
        }
    },
    /** The entry goes before the result comes. */
    DELETE_BEFORE_RESULT {
        @Override
        WriteOutcome apply(Broken store, String process, Write write) {
            if (write.key().startsWith("results/")) {
                store.deleteEntryOf(process, json(write.body()).get("task_id").asText());
            }
            return store.honest(process, write);
        }
    },
    /** The entry of a task that is to be retried is deleted and made anew: the new one may be lost. */
    RETRY_AS_DELETE_AND_CREATE {
        @Override
        WriteOutcome apply(Broken store, String process, Write write) {
            if (isEntry(write) && write.kind() == Write.Kind.REPLACE && !isRunning(write)) {
                return store.honest(process, Write.delete(write.key(), write.expected()));
            }
            return store.honest(process, write);
        }
    },
    /** Nobody looks at the result after a claim. */
    NO_LOOK_AT_THE_RESULT {
        @Override
        Optional<StoredObject> read(Broken store, String process, String key) {
            return key.startsWith("results/") && process.startsWith("w")
                    ? Optional.empty()
                    : store.honestRead(process, key);
        }
    },
    /** Leases are judged by the local clock. */
    LEASE_BY_LOCAL_CLOCK {
        @Override
        Instant now(Broken store, String process) {
            return store.honestNow(process).plusSeconds(process.hashCode() % 2 == 0 ? 3600 : -3600);
        }
    },
    /** Whoever runs is taken for dead. */
    EVERYBODY_IS_DEAD {
        @Override
        ObjectPage list(Broken store, String process, ListRequest request) {
            return request.prefix().equals("workers/")
                    ? new ObjectPage(List.of(), false)
                    : store.honestList(process, request);
        }

        @Override
        Optional<StoredObject> read(Broken store, String process, String key) {
            boolean others = key.startsWith("workers/") && !key.contains("/" + process + "-");
            return others ? Optional.empty() : store.honestRead(process, key);
        }
    },
    /** Nobody is ever taken for dead. */
    NOBODY_IS_DEAD {
        @Override
        ObjectPage list(Broken store, String process, ListRequest request) {
            ObjectPage page = store.honestList(process, request);
            return request.prefix().equals("workers/") ? store.rejuvenated(page) : page;
        }
    },
    /** Heartbeats judged by an old listing. */
    LIVENESS_FROM_AN_OLD_LISTING {
        @Override
        ObjectPage list(Broken store, String process, ListRequest request) {
            return request.prefix().equals("workers/")
                    ? store.first(process, request)
                    : store.honestList(process, request);
        }
    },
    /** The next claim drops the request to cancel. */
    CLAIM_DROPS_CANCEL_REQUEST {
        @Override
        WriteOutcome apply(Broken store, String process, Write write) {
            if (isEntry(write) && write.kind() == Write.Kind.REPLACE) {
                ObjectNode body = json(write.body());
                boolean claim = isRunning(write) && process.startsWith("w");
                if (claim && body.remove("cancel_requested") != null) {
                    return store.honest(
                            process, Write.replace(write.key(), write.expected(), bytes(body), write.attributes()));
                }
            }
            return store.honest(process, write);
        }
    },
    /** A claim does not count. */
    CLAIM_WITHOUT_ATTEMPT {
        @Override
        WriteOutcome apply(Broken store, String process, Write write) {
            if (isEntry(write) && write.kind() == Write.Kind.REPLACE && isRunning(write)) {
                ObjectNode body = json(write.body());
                if (body.get("attempt").asInt() > 1) {
                    body.put("attempt", 1);
                    return store.honest(
                            process, Write.replace(write.key(), write.expected(), bytes(body), write.attributes()));
                }
            }
            return store.honest(process, write);
        }
    },
    /** An enqueue is acknowledged although its definition never comes. */
    ENQUEUE_WITHOUT_DEFINITION {
        @Override
        WriteOutcome apply(Broken store, String process, Write write) {
            return write.key().startsWith("tasks/") && store.random() < 0.2
                    ? WriteOutcome.applied(new Version("pretended"))
                    : store.honest(process, write);
        }
    },
    /** A repeated enqueue of a finished task makes a new entry. */
    SECOND_LIFE_BY_REPEATED_ENQUEUE {
        @Override
        Optional<StoredObject> read(Broken store, String process, String key) {
            return key.startsWith("results/") ? Optional.empty() : store.honestRead(process, key);
        }
    },
    /** A failed listing is read as an empty queue, for good. */
    ERROR_READ_AS_EMPTY {
        @Override
        ObjectPage list(Broken store, String process, ListRequest request) {
            return request.prefix().startsWith("queues/") && store.seen(process, 3)
                    ? new ObjectPage(List.of(), false)
                    : store.honestList(process, request);
        }
    },
    /** A worker never finds again what it claimed without knowing. */
    FORGOTTEN_CLAIMS_STAY_FORGOTTEN {
        @Override
        ObjectPage list(Broken store, String process, ListRequest request) {
            ObjectPage page = store.honestList(process, request);
            return request.prefix().startsWith("queues/") ? store.withoutOwn(process, page) : page;
        }
    };

    private static final ObjectMapper JSON = new ObjectMapper();

    WriteOutcome apply(Broken store, String process, Write write) {
        return store.honest(process, write);
    }

    Optional<StoredObject> read(Broken store, String process, String key) {
        return store.honestRead(process, key);
    }

    ObjectPage list(Broken store, String process, ListRequest request) {
        return store.honestList(process, request);
    }

    Instant now(Broken store, String process) {
        return store.honestNow(process);
    }

    static boolean isEntry(Write write) {
        return write.key().startsWith("queues/");
    }

    static boolean isRunning(Write write) {
        return "running".equals(json(write.body()).path("state").asText());
    }

    static ObjectNode json(byte[] body) {
        try {
            return (ObjectNode) JSON.readTree(body);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] bytes(JsonNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A store with this bug. */
    Oracle on(Sim sim) {
        return new Broken(sim, this);
    }

    /** The common store, broken. */
    static final class Broken extends Oracle {
        private final Sim sim;
        private final Mutation mutation;
        private final Map<String, Integer> counts = new HashMap<>();
        private final Map<String, ObjectPage> firstPages = new HashMap<>();

        Broken(Sim sim, Mutation mutation) {
            super(sim);
            this.sim = sim;
            this.mutation = mutation;
        }

        @Override
        WriteOutcome apply(String process, Write write) {
            return mutation.apply(this, process, write);
        }

        @Override
        Optional<StoredObject> read(String process, String key) {
            return mutation.read(this, process, key);
        }

        @Override
        ObjectPage list(String process, ListRequest request) {
            return mutation.list(this, process, request);
        }

        @Override
        Instant now(String process) {
            return mutation.now(this, process);
        }

        WriteOutcome honest(String process, Write write) {
            return super.apply(process, write);
        }

        Optional<StoredObject> honestRead(String process, String key) {
            return super.read(process, key);
        }

        ObjectPage honestList(String process, ListRequest request) {
            return super.list(process, request);
        }

        Instant honestNow(String process) {
            return super.now(process);
        }

        double random() {
            return sim.random.nextDouble();
        }

        boolean seen(String process, int times) {
            return counts.merge(process, 1, Integer::sum) > times;
        }

        /** Writes whatever is there. */
        WriteOutcome blind(String process, Write write) {
            Optional<StoredObject> present = raw().get(write.key());
            if (present.isEmpty()) {
                return honest(process, Write.create(write.key(), write.body(), write.attributes()));
            }
            return honest(
                    process, Write.replace(write.key(), present.get().version(), write.body(), write.attributes()));
        }

        void deleteEntryOf(String process, String taskId) {
            for (ListedObject line : raw().list(ListRequest.of("queues/")).objects()) {
                if (line.key().endsWith("-" + taskId + ".json")) {
                    honest(process, Write.delete(line.key(), line.version()));
                }
            }
        }

        ObjectPage rejuvenated(ObjectPage page) {
            return new ObjectPage(
                    page.objects().stream()
                            .map(line -> new ListedObject(
                                    line.key(), line.version(), sim.time().plus(Duration.ofDays(1)), line.attributes()))
                            .toList(),
                    page.more());
        }

        ObjectPage first(String process, ListRequest request) {
            return firstPages.computeIfAbsent(process + request.prefix(), key -> honestList(process, request));
        }

        ObjectPage withoutOwn(String process, ObjectPage page) {
            return new ObjectPage(
                    page.objects().stream()
                            .filter(line -> raw().get(line.key())
                                    .map(o -> !json(o.body())
                                            .path("worker_id")
                                            .asText()
                                            .startsWith(process + "-"))
                                    .orElse(true))
                            .toList(),
                    page.more());
        }
    }
}
