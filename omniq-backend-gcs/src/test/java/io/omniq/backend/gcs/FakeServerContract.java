/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import com.google.cloud.storage.BucketInfo;
import io.omniq.store.ObjectStore;
import io.omniq.testkit.ObjectStoreContract;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The store contract against fake-gcs-server, wherever it runs. A bucket of its own for each test. */
abstract class FakeServerContract extends ObjectStoreContract {
    static final String VERSION = "1.56.1";

    private static final String DELETES = "fake-gcs-server " + VERSION + " ignores the condition of a delete";
    private static final String SEMICOLONS = "fake-gcs-server " + VERSION + " ignores parameters with a semicolon";

    @RegisterExtension
    static final ExpectedGaps GAPS = new ExpectedGaps(Map.of(
            "noVersionComesBackAfterReopening", DELETES,
            "versionsHoldAcrossHandles", DELETES,
            "aRaceOfReplaceAgainstDeleteHasOneWinner", DELETES,
            "refusesToDeleteAStaleVersion", DELETES,
            "aRefusedWriteDoesNotChangeTheVersion", DELETES,
            "deletingAndCreatingAgainDoesNotReuseAVersion", DELETES,
            "oddNamesAreKept", SEMICOLONS,
            "oddNamesMayBeDirectories", SEMICOLONS,
            "oddNamesMayStandAtTheTop", SEMICOLONS));

    private final String bucket = "omniq-" + UUID.randomUUID();

    /** Where the server listens: {@code http://host:port}. */
    abstract String endpoint();

    @BeforeEach
    void createBucket() throws Exception {
        try (GcsBackend backend = open()) {
            ((GcsObjectStore) backend.store()).connection().storage().create(BucketInfo.of(bucket));
        }
    }

    private GcsBackend open() {
        return GcsBackend.builder(bucket).prefix("").endpoint(endpoint()).build();
    }

    @Override
    protected ObjectStore openStore() {
        return open().store();
    }

    @Override
    protected Optional<ObjectStore> openSecond() {
        return Optional.of(open().store());
    }
}
