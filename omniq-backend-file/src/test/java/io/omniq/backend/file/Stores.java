/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Steps that the tests of the directory store share. */
final class Stores {
    /** Longer than a machine stands still that other work keeps busy. */
    static final Duration SOON = Duration.ofSeconds(50);

    private Stores() {}

    /** A store with a journal that makes files only when it is told to, or closed. */
    static JournalObjectStore journal(Path root, Durability durability) {
        return JournalObjectStore.open(
                root, DirectoryObjectStore.builder(root).fsync(durability), Duration.ofMinutes(10));
    }

    static JournalObjectStore journal(Path root) {
        return journal(root, Durability.PROCESS_CRASH);
    }

    static WriteOutcome write(ObjectStore store, Write write) {
        return store.write(List.of(write)).get(0);
    }

    static Version create(ObjectStore store, String key, String body) {
        return applied(store, Write.create(key, bytes(body)));
    }

    static Version replace(ObjectStore store, String key, Version expected, String body) {
        return applied(store, Write.replace(key, expected, bytes(body)));
    }

    private static Version applied(ObjectStore store, Write write) {
        WriteOutcome outcome = write(store, write);
        assertThat(outcome.status()).as("%s: %s", write, outcome).isEqualTo(Status.APPLIED);
        return outcome.version().orElseThrow();
    }

    static void delete(ObjectStore store, String key, Version expected) {
        WriteOutcome outcome = write(store, Write.delete(key, expected));
        assertThat(outcome.status()).as("delete of %s: %s", key, outcome).isEqualTo(Status.APPLIED);
    }

    /** The failure of a write that must not have taken effect. */
    static StorageException failure(ObjectStore store, Write write) {
        WriteOutcome outcome = write(store, write);
        assertThat(outcome.status()).as("%s: %s", write, outcome).isEqualTo(Status.FAILED);
        return outcome.failure().orElseThrow();
    }

    static String text(ObjectStore store, String key) {
        return text(store.get(key).orElseThrow(() -> new AssertionError("absent: " + key)));
    }

    static String text(StoredObject object) {
        return new String(object.body(), StandardCharsets.UTF_8);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static List<String> keys(ObjectStore store, String prefix) {
        return list(store, ListRequest.of(prefix)).stream()
                .map(ListedObject::key)
                .toList();
    }

    static List<ListedObject> list(ObjectStore store, ListRequest request) {
        List<ListedObject> all = new ArrayList<>();
        ObjectPage page = store.list(request);
        all.addAll(page.objects());
        while (page.more()) {
            page = store.list(request.after(all.get(all.size() - 1).key()));
            all.addAll(page.objects());
        }
        return all;
    }

    static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    static void removeTree(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
