/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static io.omniq.backend.file.Stores.create;
import static io.omniq.backend.file.Stores.delete;
import static io.omniq.backend.file.Stores.replace;
import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.Version;
import io.omniq.testkit.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryVersionsTest {
    private static final String KEY = "locks/unique/abc.json";

    @TempDir
    Path root;

    @Test
    void noVersionComesBackOverTenThousandLives() {
        Set<String> times = new HashSet<>();
        Set<Version> versions = new HashSet<>();
        try (DirectoryObjectStore store = DirectoryObjectStore.at(root)) {
            for (int life = 0; life < 10_000; life++) {
                Version version = create(store, KEY, "same");
                versions.add(version);
                times.add(time(version));
                delete(store, KEY, version);
            }
        }

        assertThat(versions).hasSize(10_000);
        assertThat(times).as("times alone, since a disk may reuse file numbers").hasSize(10_000);
    }

    @Test
    void noTimeComesBackWhenTheClockStandsOrGoesBack() {
        TestClock clock = new TestClock();
        Set<String> times = new HashSet<>();
        for (int opening = 0; opening < 10; opening++) {
            try (DirectoryObjectStore store =
                    DirectoryObjectStore.builder(root).clock(clock).open()) {
                for (int life = 0; life < 10; life++) {
                    Version created = create(store, KEY, "same");
                    Version replaced = replace(store, KEY, created, "same");
                    delete(store, KEY, replaced);
                    times.add(time(created));
                    times.add(time(replaced));
                }
            }
            clock.jump(Duration.ofHours(-1));
        }

        assertThat(times).hasSize(200);
    }

    @Test
    void theStoresTimeIsItsClocksAndNeverBehindWhatItWrote() {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        try (DirectoryObjectStore store =
                DirectoryObjectStore.builder(root).clock(() -> start).open()) {
            assertThat(store.now()).isEqualTo(start);

            Version version = create(store, KEY, "x");
            assertThat(store.get(KEY).orElseThrow().updated()).isEqualTo(start);
            replace(store, KEY, version, "y");

            Instant updated = store.get(KEY).orElseThrow().updated();
            assertThat(updated).isEqualTo(start.plusNanos(1000));
            assertThat(store.now()).isEqualTo(updated);
        }
    }

    /** The part of a version that every state of a key has for itself. */
    private static String time(Version version) {
        return version.token().substring(0, version.token().indexOf('-'));
    }
}
