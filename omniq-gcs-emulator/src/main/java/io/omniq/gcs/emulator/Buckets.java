/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** The buckets there are, by name. */
final class Buckets {
    private final ServerClock clock;
    private final MutationLimit limit;
    private final Map<String, Bucket> buckets = new ConcurrentSkipListMap<>();

    Buckets(ServerClock clock, MutationLimit limit) {
        this.clock = clock;
        this.limit = limit;
    }

    Bucket create(GcsBucketSettings settings) {
        Bucket bucket = new Bucket(settings, clock, limit);
        if (buckets.putIfAbsent(settings.name(), bucket) != null) {
            throw GcsError.bucketTaken();
        }
        return bucket;
    }

    Bucket require(String name) {
        Bucket bucket = buckets.get(name);
        if (bucket == null) {
            throw GcsError.noBucket();
        }
        return bucket;
    }

    void delete(String name) {
        if (!require(name).isEmpty()) {
            throw GcsError.bucketNotEmpty();
        }
        buckets.remove(name);
    }

    Collection<Bucket> all() {
        return List.copyOf(buckets.values());
    }
}
