/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rules of heartbeats, and of failures. */
enum LivenessMutation implements Mutation {
    /** Leases are judged by the local clock. */
    LEASE_BY_LOCAL_CLOCK {
        @Override
        public Instant now(Broken store, String process) {
            return store.honestNow(process).plusSeconds(process.hashCode() % 2 == 0 ? 3600 : -3600);
        }
    },
    /** Whoever runs is taken for dead. */
    EVERYBODY_IS_DEAD {
        @Override
        public ObjectPage list(Broken store, String process, ListRequest request) {
            return isLiveness(request) ? new ObjectPage(List.of(), false) : store.honestList(process, request);
        }

        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            boolean others = key.startsWith("workers/") && !key.contains("/" + process + "-");
            return others ? Optional.empty() : store.honestRead(process, key);
        }
    },
    /** Nobody is ever taken for dead. */
    NOBODY_IS_DEAD {
        @Override
        public ObjectPage list(Broken store, String process, ListRequest request) {
            ObjectPage page = store.honestList(process, request);
            return isLiveness(request) ? Broken.aged(page, Duration.ofDays(-1)) : page;
        }
    },
    /** A process of which nothing is known is taken for one that has ended. */
    UNKNOWN_HAS_ENDED {
        @Override
        public boolean concerns(Plan plan) {
            return plan.watched && plan.workers > 1;
        }

        @Override
        public boolean hasEnded(Broken store, String asker, String process) {
            return !process.equals(asker);
        }
    },
    /** Heartbeats are judged by an old listing. */
    LIVENESS_FROM_AN_OLD_LISTING {
        @Override
        public ObjectPage list(Broken store, String process, ListRequest request) {
            return isLiveness(request) ? store.first(process, request) : store.honestList(process, request);
        }
    },
    /** The age of a heartbeat is reckoned when the listing has come, and not when it was asked for. */
    LEASE_JUDGED_AT_THE_ANSWER {
        @Override
        public boolean concerns(Plan plan) {
            return plan.workers > 1;
        }

        @Override
        public ObjectPage answered(Broken store, ListRequest request, ObjectPage page, Duration took) {
            return isLiveness(request) ? Broken.aged(page, took) : page;
        }
    },
    /** A heartbeat that a listing misses is not asked for. */
    MISSING_IN_A_LISTING_IS_DEAD {
        @Override
        public ObjectPage answered(Broken store, ListRequest request, ObjectPage page, Duration took) {
            if (isLiveness(request)) {
                store.marked.clear();
                page.objects().forEach(line -> store.marked.add(line.key()));
            }
            return page;
        }

        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            boolean others = key.startsWith("workers/") && !key.contains("/" + process + "-");
            return others && !store.marked.contains(key) ? Optional.empty() : store.honestRead(process, key);
        }
    },
    /** Claims are made before the first heartbeat is there. */
    CLAIM_BEFORE_THE_FIRST_HEARTBEAT {
        @Override
        public WriteOutcome apply(Broken store, String process, Write write) {
            return write.key().startsWith("workers/") && write.kind() == Write.Kind.CREATE
                    ? Broken.pretended()
                    : store.honest(process, write);
        }
    },
    /** A session does not notice how long its calls take, so a heartbeat that lands late brings it back. */
    LATE_HEARTBEAT_REVIVES {
        @Override
        public Duration unnoticed(Broken store, String process) {
            return Duration.ofNanos(store.nanos());
        }
    },
    /** A read that fails is taken for "nothing there". */
    FAILED_READ_IS_ABSENT {
        @Override
        public Optional<StoredObject> read(Broken store, String process, String key) {
            return Roles.works(process) && store.chance(0.01) ? Optional.empty() : store.honestRead(process, key);
        }
    },
    /** A failed listing is read as an empty queue, for good. */
    FAILED_LISTING_IS_EMPTY {
        @Override
        public ObjectPage list(Broken store, String process, ListRequest request) {
            return request.prefix().startsWith("queues/") && store.seen(process, 3)
                    ? new ObjectPage(List.of(), false)
                    : store.honestList(process, request);
        }
    };

    private static boolean isLiveness(ListRequest request) {
        return request.prefix().equals("workers/");
    }
}
