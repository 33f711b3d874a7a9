/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectStore;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;

/**
 * One group of tests of the {@link ObjectStoreContract}: opens the store of each test, closes it, and offers the steps
 * that most tests are made of. Each step asserts that it worked, so that a test fails where the store first erred.
 */
abstract class StoreTopic {
    private final ObjectStoreContract contract;
    private @Nullable ObjectStore opened;
    private @Nullable ObjectStore second;

    StoreTopic(ObjectStoreContract contract) {
        this.contract = contract;
    }

    @BeforeEach
    final void openFreshStore() throws Exception {
        opened = contract.openStore();
    }

    @AfterEach
    final void closeStores() {
        try (ObjectStore first = opened;
                ObjectStore other = second) {
            assertThat(first == other && first != null)
                    .as("a second handle must be another store object")
                    .isFalse();
        }
    }

    /** The store of this test. */
    final ObjectStore store() {
        ObjectStore store = opened;
        if (store == null) {
            throw new IllegalStateException("no store is open outside a test");
        }
        return store;
    }

    /** Another handle on the same data; the test is skipped where there is none. */
    final ObjectStore secondStore() throws Exception {
        Optional<ObjectStore> handle = contract.openSecond();
        Assumptions.assumeTrue(handle.isPresent(), "the data of this store cannot be opened a second time");
        second = handle.orElseThrow();
        return second;
    }

    /** Writes one thing and returns its only outcome. */
    final WriteOutcome write(Write write) {
        return write(store(), write);
    }

    static WriteOutcome write(ObjectStore store, Write write) {
        List<WriteOutcome> outcomes = store.write(List.of(write));
        assertThat(outcomes).as("outcomes of a group of one: %s", write).hasSize(1);
        return outcomes.get(0);
    }

    /** Creates an object and returns its version. */
    final Version create(String key, String body) {
        return create(key, body, Map.of());
    }

    final Version create(String key, String body, Map<String, String> attributes) {
        return applied(Write.create(key, bytes(body), attributes));
    }

    /** Replaces an object and returns its new version. */
    final Version replace(String key, Version expected, String body) {
        return applied(Write.replace(key, expected, bytes(body)));
    }

    private Version applied(Write write) {
        WriteOutcome outcome = write(write);
        assertThat(outcome.status()).as("%s answered %s", write, outcome).isEqualTo(Status.APPLIED);
        assertThat(outcome.version()).as("version after %s", write).isPresent();
        return outcome.version().orElseThrow();
    }

    /** Deletes an object. */
    final void delete(String key, Version expected) {
        WriteOutcome outcome = write(Write.delete(key, expected));
        assertThat(outcome.status())
                .as("delete of %s answered %s", key, outcome)
                .isEqualTo(Status.APPLIED);
    }

    /** Creates one object for each key, in groups no store finds too large. */
    final void createAll(List<String> keys) {
        int groupSize = 250;
        for (int from = 0; from < keys.size(); from += groupSize) {
            List<Write> group = keys.subList(from, Math.min(from + groupSize, keys.size())).stream()
                    .map(key -> Write.create(key, bytes(key)))
                    .toList();
            assertThat(store().write(group))
                    .as("outcomes of a group of creates")
                    .hasSameSizeAs(group)
                    .allMatch(WriteOutcome::isApplied);
        }
    }

    /** Reads an object that must be there. */
    final StoredObject read(String key) {
        Optional<StoredObject> found = store().get(key);
        assertThat(found).as("object %s", key).isPresent();
        return found.orElseThrow();
    }

    /** Reads the body, as text, of an object that must be there. */
    final String text(String key) {
        return text(read(key));
    }

    static String text(StoredObject object) {
        return new String(object.body(), StandardCharsets.UTF_8);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** All keys under a prefix, over as many pages as it takes. */
    final List<String> keys(String prefix) {
        return keys(ListRequest.of(prefix));
    }

    final List<String> keys(ListRequest request) {
        return PageWalk.of(store(), request).keys();
    }

    /** The line a listing has for an object that must be there. */
    final ListedObject listed(String key) {
        List<ListedObject> found = PageWalk.of(store(), ListRequest.of(key)).objects().stream()
                .filter(object -> object.key().equals(key))
                .toList();
        assertThat(found).as("lines of %s in a listing", key).hasSize(1);
        return found.get(0);
    }

    /** Asserts a refusal: the given status, and neither a version nor a failure. */
    static void assertRefused(WriteOutcome outcome, Status status) {
        assertThat(outcome.status()).as("outcome %s", outcome).isEqualTo(status);
        assertThat(outcome.version()).as("version of a refused write").isEmpty();
        assertThat(outcome.failure()).as("failure of a refused write").isEmpty();
    }
}
