/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import com.google.auth.Credentials;
import com.google.cloud.storage.StorageOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** All settings of a backend, as the builder leaves them. */
record GcsSettings(
        String bucket,
        String prefix,
        @Nullable String project,
        @Nullable Path credentialsFile,
        @Nullable Credentials credentials,
        GcsAccess access,
        GcsConsistency consistency,
        Duration cacheTimeout,
        int blockSize,
        int connections,
        Duration connectTimeout,
        Duration readTimeout,
        @Nullable String endpoint,
        UnaryOperator<StorageOptions.Builder> customizer,
        LongSupplier nanos) {}
