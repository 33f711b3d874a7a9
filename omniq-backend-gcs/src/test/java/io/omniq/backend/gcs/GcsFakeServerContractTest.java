/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The store contract against a fake-gcs-server whose endpoint stands in the environment. */
@EnabledIfEnvironmentVariable(
        named = GcsFakeServerContractTest.ENDPOINT,
        matches = "http.+",
        disabledReason = "FAKE_GCS_ENDPOINT names no endpoint of a fake-gcs-server")
class GcsFakeServerContractTest extends FakeServerContract {
    static final String ENDPOINT = "FAKE_GCS_ENDPOINT";

    @Override
    String endpoint() {
        return System.getenv(ENDPOINT);
    }
}
