/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.ObjectStore;
import io.omniq.testkit.ObjectStoreContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

class JournalObjectStoreTest extends ObjectStoreContract {
    @TempDir
    Path directory;

    @Override
    protected ObjectStore openStore() {
        Path path = directory.resolve("store");
        return JournalObjectStore.open(path, DirectoryObjectStore.builder(path), Duration.ofSeconds(2));
    }

    @Override
    protected Optional<ObjectStore> openSecond() {
        return Optional.of(openStore());
    }
}
