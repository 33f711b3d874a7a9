/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import com.google.api.gax.retrying.RetrySettings;
import com.google.cloud.NoCredentials;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import java.time.Duration;

/** Google's own client, pointed at an emulator, with its usual strategy and short waits between attempts. */
final class GoogleClient {
    private GoogleClient() {}

    static Storage of(GcsEmulator emulator) {
        RetrySettings impatient = StorageOptions.getDefaultRetrySettings().toBuilder()
                .setInitialRetryDelayDuration(Duration.ofMillis(1))
                .setMaxRetryDelayDuration(Duration.ofMillis(5))
                .build();
        return StorageOptions.newBuilder()
                .setHost(emulator.endpoint())
                .setProjectId("test")
                .setCredentials(NoCredentials.getInstance())
                .setRetrySettings(impatient)
                .build()
                .getService();
    }
}
