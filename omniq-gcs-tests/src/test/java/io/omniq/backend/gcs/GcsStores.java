/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import io.omniq.store.ObjectStore;
import java.util.function.LongSupplier;

/** Stores for tests of other packages, where time does not pass by itself. */
public final class GcsStores {
    private GcsStores() {}

    /**
     * A store in a bucket.
     *
     * @param endpoint an emulator's
     * @param bucket the bucket
     * @param prefix what stands before each key
     * @param nanos the local monotonic time
     * @return the store
     */
    public static ObjectStore store(String endpoint, String bucket, String prefix, LongSupplier nanos) {
        return GcsBackend.builder(bucket)
                .prefix(prefix)
                .endpoint(endpoint)
                .nanos(nanos)
                .build()
                .store();
    }
}
