/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import io.omniq.gcs.emulator.GcsEmulator;
import io.omniq.gcs.emulator.GcsEmulatorBuilder;
import io.omniq.store.ObjectStore;
import io.omniq.testkit.ObjectStoreContract;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The store contract, through Google's client, against the wire-level emulator. */
class GcsStoreContractTest extends ObjectStoreContract {
    private GcsEmulator emulator;

    @BeforeEach
    void begin() {
        emulator = settings(GcsEmulator.builder().bucket("omniq-test")).start();
    }

    @AfterEach
    void end() {
        emulator.close();
    }

    GcsEmulatorBuilder settings(GcsEmulatorBuilder emulator) {
        return emulator;
    }

    String prefix() {
        return "";
    }

    private ObjectStore open() {
        return GcsBackend.builder("omniq-test")
                .prefix(prefix())
                .endpoint(emulator.endpoint())
                .build()
                .store();
    }

    @Override
    protected ObjectStore openStore() {
        return open();
    }

    @Override
    protected Optional<ObjectStore> openSecond() {
        return Optional.of(open());
    }
}
