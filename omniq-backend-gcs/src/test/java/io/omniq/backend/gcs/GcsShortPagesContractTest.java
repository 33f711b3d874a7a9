/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import io.omniq.gcs.emulator.GcsEmulatorBuilder;

/** The store contract against a service that gives one object in a page, whatever was asked for. */
class GcsShortPagesContractTest extends GcsStoreContractTest {
    @Override
    GcsEmulatorBuilder settings(GcsEmulatorBuilder emulator) {
        return emulator.pageSize(1);
    }
}
