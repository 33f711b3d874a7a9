/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.ObjectStore;
import io.omniq.testkit.ObjectStoreContract;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

class DirectoryObjectStoreTest extends ObjectStoreContract {
    @TempDir
    Path directory;

    @Override
    protected ObjectStore openStore() {
        return DirectoryObjectStore.at(directory.resolve("store"));
    }

    @Override
    protected Optional<ObjectStore> openSecond() {
        return Optional.of(DirectoryObjectStore.at(directory.resolve("store")));
    }
}
