/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import io.omniq.backend.gcs.GcsStores;
import io.omniq.gcs.emulator.GcsEmulator;
import io.omniq.store.ObjectStore;
import io.omniq.testkit.TestClock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The protocol's suite on a bucket: one emulator for all labs, which come one after the other. Each has a prefix of its own, and
 * the service's time is that of the youngest.
 */
public final class BucketGround implements Ground {
    private static final String BUCKET = "suite";
    private static final AtomicReference<InstantSource> TIME = new AtomicReference<>(InstantSource.system());
    private static final AtomicInteger LABS = new AtomicInteger();
    private static final GcsEmulator EMULATOR = GcsEmulator.builder()
            .bucket(BUCKET)
            .clock(((InstantSource) () -> TIME.get().instant()).withZone(ZoneOffset.UTC))
            .start();

    @Override
    public ObjectStore store(TestClock clock) {
        TIME.set(clock);
        String prefix = "lab-" + LABS.incrementAndGet() + "/";
        return GcsStores.store(EMULATOR.endpoint(), BUCKET, prefix, clock::nanos);
    }
}
