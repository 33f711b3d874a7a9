/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import org.junit.jupiter.api.extension.RegisterExtension;

/** The store contract below a prefix. */
class GcsPrefixContractTest extends GcsStoreContractTest {
    @RegisterExtension
    static final ExpectedGaps GAPS = new ExpectedGaps(ExpectedGaps.BELOW_A_PREFIX);

    @Override
    String prefix() {
        return "team a/omniq-ü/";
    }
}
