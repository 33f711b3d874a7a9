/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.ObjectStore;
import io.omniq.testkit.ObjectStoreContract;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

class PowerLossJournalObjectStoreTest extends ObjectStoreContract {
    @TempDir
    Path directory;

    @Override
    protected ObjectStore openStore() {
        return Stores.journal(directory.resolve("store"), Durability.POWER_LOSS);
    }

    @Override
    protected Optional<ObjectStore> openSecond() {
        return Optional.of(openStore());
    }
}
