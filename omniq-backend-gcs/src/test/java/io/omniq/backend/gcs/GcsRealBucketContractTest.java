/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.Write;
import io.omniq.testkit.ObjectStoreContract;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The store contract against a real bucket: {@code -Domniq.gcs.bucket=name}, and {@code -Domniq.gcs.prefix=...} below which each
 * test has a place of its own, emptied afterwards. With the environment's credentials.
 */
@EnabledIfSystemProperty(
        named = GcsRealBucketContractTest.BUCKET,
        matches = ".+",
        disabledReason = "omniq.gcs.bucket names no bucket")
class GcsRealBucketContractTest extends ObjectStoreContract {
    static final String BUCKET = "omniq.gcs.bucket";

    @RegisterExtension
    static final ExpectedGaps GAPS = new ExpectedGaps(ExpectedGaps.BELOW_A_PREFIX);

    private final String prefix = System.getProperty("omniq.gcs.prefix", "omniq-contract/") + UUID.randomUUID() + "/";

    private GcsBackend open() {
        return GcsBackend.builder(System.getProperty(BUCKET)).prefix(prefix).build();
    }

    @AfterEach
    void empty() {
        try (GcsBackend backend = open()) {
            ObjectPage page;
            do {
                page = backend.store().list(ListRequest.of(""));
                backend.store()
                        .write(page.objects().stream()
                                .map(line -> Write.delete(line.key(), line.version()))
                                .toList());
            } while (page.more());
        }
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
