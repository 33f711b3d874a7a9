/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.store.MemoryObjectStore;
import io.omniq.store.ObjectStore;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract on a broken store, for {@link ObjectStoreContractTest} only: not named as a test on purpose. */
class BrokenStoreCase extends ObjectStoreContract {
    static final String WHICH = "io.omniq.testkit.broken";

    private Optional<BrokenStore> which = Optional.empty();
    private Optional<SharedHandle> shared = Optional.empty();

    @RegisterExtension
    final BeforeEachCallback chosen =
            context -> which = context.getConfigurationParameter(WHICH).map(BrokenStore::valueOf);

    @Override
    protected ObjectStore openStore() {
        ObjectStore store = which.map(BrokenStore::open).orElseGet(() -> new SharedHandle(new MemoryObjectStore()));
        shared = Optional.of(store).filter(SharedHandle.class::isInstance).map(SharedHandle.class::cast);
        return store;
    }

    @Override
    protected Optional<ObjectStore> openSecond() {
        return shared.map(SharedHandle::another);
    }
}
