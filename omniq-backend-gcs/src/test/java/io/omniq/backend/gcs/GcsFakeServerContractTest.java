/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The store contract against a fake-gcs-server whose endpoint stands in the environment. */
@EnabledIfEnvironmentVariable(
        named = GcsFakeServerContractTest.ENDPOINT,
        matches = "http.+",
        disabledReason = "OMNIQ_FAKE_GCS names no endpoint of a fake-gcs-server")
class GcsFakeServerContractTest extends FakeServerContract {
    static final String ENDPOINT = "OMNIQ_FAKE_GCS";

    @Override
    String endpoint() {
        return System.getenv(ENDPOINT);
    }
}
