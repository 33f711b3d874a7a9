/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import io.omniq.storage.Backend;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * OmniQ in a Google Cloud Storage bucket: the only infrastructure is the bucket. Connects at the first use, or by
 * {@link #connect()}. Safe for use by many threads.
 *
 * <pre>{@code
 * OmniQ omniq = OmniQ.builder()
 *         .backend(GcsBackend.of("my-bucket", "production/"))
 *         .register(new Reports())
 *         .build();
 * }</pre>
 *
 * <p>The settings are those of the original's {@code GCSBackend}. Where {@code STORAGE_EMULATOR_HOST} is set in the environment,
 * requests go there, without credentials.
 */
public final class GcsBackend extends Backend {
    private static final Duration PAUSE = Duration.ofMillis(1100);

    private final GcsObjectStore store;

    GcsBackend(GcsObjectStore store) {
        super(store);
        this.store = store;
    }

    /**
     * A backend with default settings and the environment's credentials.
     *
     * @param bucket the bucket's name
     * @param prefix what every object's name begins with, such as {@code production/}; may be empty
     * @return the backend
     */
    public static GcsBackend of(String bucket, String prefix) {
        return builder(bucket).prefix(prefix).build();
    }

    /**
     * A builder.
     *
     * @param bucket the bucket's name
     * @return the builder
     */
    public static GcsBackendBuilder builder(String bucket) {
        return new GcsBackendBuilder(bucket);
    }

    /**
     * A backend from the settings of the original's {@code create_gcs_backend_from_config}: {@code bucket_name}, {@code prefix},
     * {@code project}, {@code token} (a path), {@code access} ({@code read_only}, {@code read_write}, {@code full_control}),
     * {@code consistency} ({@code md5}, {@code crc32c}, {@code size}, {@code none}), {@code cache_timeout} in seconds, and
     * {@code block_size} in bytes; besides, as the builder has them, {@code connections}, {@code connect_timeout} and {@code answer_timeout} in
     * seconds, and {@code endpoint_url}. Numbers may be text, and durations ISO-8601.
     *
     * @param config the settings
     * @return the backend
     * @throws IllegalArgumentException when a key is unknown or a value does not fit, naming all that is wrong
     */
    public static GcsBackend fromConfig(Map<String, ?> config) {
        return GcsConfig.of(config).builder().build();
    }

    /** {@return what was sent so far, as it is billed} */
    public GcsMetrics metrics() {
        return store.meter().reading();
    }

    /**
     * Tries everything OmniQ needs on a throw-away object, and reads how the bucket is set up. Never throws for what it finds:
     * what does not work stands in the report.
     *
     * @return the report
     */
    public GcsReport check() {
        return new Doctor(store, () -> LockSupport.parkNanos(PAUSE.toNanos())).examine();
    }
}
