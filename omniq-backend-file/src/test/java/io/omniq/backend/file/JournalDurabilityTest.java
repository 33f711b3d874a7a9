/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static io.omniq.backend.file.Stores.create;
import static io.omniq.backend.file.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.ObjectStore;
import io.omniq.store.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which segments are flushed, and that files come whatever the clock does. */
class JournalDurabilityTest {
    @TempDir
    Path root;

    @Test
    void aStoreThatFlushesBeginsASegmentThatIsFlushed() throws IOException {
        try (ObjectStore fast = Stores.journal(root)) {
            create(fast, "tasks/a", "1");
            assertThat(head()).contains("\"flushed\":false");

            try (ObjectStore safe = Stores.journal(root, Durability.POWER_LOSS)) {
                create(safe, "tasks/b", "2");
                assertThat(head()).contains("\"flushed\":true");

                create(fast, "tasks/c", "3");
                assertThat(head()).contains("\"flushed\":true");
                assertThat(text(safe, "tasks/a") + text(safe, "tasks/c")).isEqualTo("13");
            }
        }
    }

    @Test
    void flushesEndWhenNobodyAsksForThemAnyMore() throws IOException {
        try (ObjectStore safe = Stores.journal(root, Durability.POWER_LOSS)) {
            create(safe, "tasks/a", "1");
        }
        assertThat(head()).contains("\"flushed\":true");

        try (ObjectStore fast = Stores.journal(root)) {
            assertThat(head()).contains("\"flushed\":false");
            create(fast, "tasks/b", "2");
            assertThat(text(fast, "tasks/a") + text(fast, "tasks/b")).isEqualTo("12");
        }
    }

    @Test
    void filesComeAndVersionsRiseThoughTheClockGoesBack() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T10:00:00Z"));
        DirectoryObjectStoreBuilder settings =
                DirectoryObjectStore.builder(root).clock(now::get);
        try (ObjectStore store = JournalObjectStore.open(root, settings, Duration.ofMillis(50))) {
            Version before = create(store, "tasks/before", "x");
            now.set(Instant.parse("2026-11-21T09:00:00Z"));
            Version after = create(store, "tasks/after", "x");

            assertThat(Long.parseLong(after.token())).isGreaterThan(Long.parseLong(before.token()));
            Awaitility.await()
                    .atMost(Stores.SOON)
                    .until(() ->
                            Files.exists(root.resolve("tasks/before")) && Files.exists(root.resolve("tasks/after")));
        }
    }

    private String head() throws IOException {
        JournalFiles files = new JournalFiles(new DirectoryLayout(root));
        try (var lines = Files.lines(files.segment(files.segments().last()))) {
            return lines.findFirst().orElseThrow();
        }
    }
}
