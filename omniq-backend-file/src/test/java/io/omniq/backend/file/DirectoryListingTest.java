/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static io.omniq.backend.file.Stores.bytes;
import static io.omniq.backend.file.Stores.create;
import static io.omniq.backend.file.Stores.keys;
import static io.omniq.backend.file.Stores.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectKeys;
import io.omniq.store.ObjectPage;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listings of directories that are larger than the part that is held in memory. */
class DirectoryListingTest {
    @TempDir
    Path root;

    private DirectoryObjectStore store;

    @BeforeEach
    void open() {
        store = DirectoryObjectStore.at(root);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aDirectoryStandsBehindAllNamesThatSortBeforeItsSlash() {
        // The directory is first by name and last by key: behind more names than one window holds.
        List<String> expected = new ArrayList<>();
        IntStream.range(0, 2 * NameWindow.MOST).forEach(i -> expected.add("d/a-%05d".formatted(i)));
        IntStream.range(0, 5).forEach(i -> expected.add("d/a/%d".formatted(i)));
        expected.add("d/a0");
        createAll(expected);

        assertThat(keys(store, "")).isEqualTo(expected);
        assertThat(keys(store, "d/a")).isEqualTo(expected);
        assertThat(keys(store, "d/a/")).isEqualTo(expected.subList(2 * NameWindow.MOST, 2 * NameWindow.MOST + 5));
        assertThat(list(store, ListRequest.of("d/").limit(7)))
                .extracting(ListedObject::key)
                .isEqualTo(expected);
    }

    @Test
    void emptyDirectoriesHideNothingBehindThem() throws IOException {
        for (int i = 0; i < 2 * NameWindow.MOST; i++) {
            Files.createDirectories(root.resolve("queues/empty-%05d".formatted(i)));
        }
        create(store, "queues/last/a", "x");

        ObjectPage page = store.list(ListRequest.of("queues/").limit(1));

        assertThat(page.objects()).extracting(ListedObject::key).containsExactly("queues/last/a");
        assertThat(page.more()).isFalse();
    }

    @Test
    void agreesWithASortedSetOnLargeDirectories() {
        long seed = 42;
        SplittableRandom random = new SplittableRandom(seed);
        TreeSet<String> model = new TreeSet<>(ObjectKeys.ORDER);
        while (model.size() < 4000) {
            model.add(key(random));
        }
        createAll(List.copyOf(model));

        for (int round = 0; round < 60; round++) {
            ListRequest request = ListRequest.of(cut(key(random), random))
                    .limit(1 + random.nextInt(ListRequest.MAX_LIMIT))
                    .after(random.nextBoolean() ? cut(key(random), random) : null)
                    .before(random.nextInt(3) == 0 ? cut(key(random), random) : null);

            assertThat(list(store, request))
                    .as("seed=%d round=%d %s", seed, round, request)
                    .extracting(ListedObject::key)
                    .isEqualTo(model.stream().filter(request::admits).toList());
        }
    }

    /** Names and directories never meet: only directories are one letter long. */
    private static String key(SplittableRandom random) {
        String letters = "ab-.0";
        StringBuilder key = new StringBuilder("k");
        while (random.nextInt(3) == 0) {
            key.append('/').append("ab".charAt(random.nextInt(2)));
        }
        key.append('/').append("ab".charAt(random.nextInt(2)));
        for (int i = 0; i < 6; i++) {
            key.append(letters.charAt(random.nextInt(letters.length())));
        }
        return key.append("-end").toString();
    }

    private static String cut(String key, SplittableRandom random) {
        return key.substring(0, random.nextInt(key.length() + 1));
    }

    private void createAll(List<String> keys) {
        List<Write> writes =
                keys.stream().map(key -> Write.create(key, bytes("x"))).toList();
        assertThat(store.write(writes)).allMatch(WriteOutcome::isApplied);
    }
}
