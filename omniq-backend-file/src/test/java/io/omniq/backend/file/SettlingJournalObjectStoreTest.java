/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.ObjectStore;
import io.omniq.testkit.ObjectStoreContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** The contract while objects become files all the time. */
class SettlingJournalObjectStoreTest extends ObjectStoreContract {
    @TempDir
    Path directory;

    @Override
    protected ObjectStore openStore() {
        Path path = directory.resolve("store");
        return JournalObjectStore.open(path, DirectoryObjectStore.builder(path), Duration.ofMillis(4));
    }

    @Override
    protected Optional<ObjectStore> openSecond() {
        return Optional.of(openStore());
    }
}
