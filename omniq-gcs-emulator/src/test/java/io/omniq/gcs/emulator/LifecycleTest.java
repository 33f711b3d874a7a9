/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LifecycleTest {
    @Test
    void twoEmulatorsKnowNothingOfEachOther() throws IOException {
        try (GcsEmulator one = GcsEmulator.builder().bucket("b").start();
                GcsEmulator two = GcsEmulator.builder().bucket("b").start()) {
            new Wire(one).insert("a", "1");

            assertThat(new Wire(two).show("a").status()).isEqualTo(404);
            assertThat(two.operations().classA()).isZero();
        }
    }

    @Test
    void theEndpointIsOnLoopback() {
        try (GcsEmulator emulator = GcsEmulator.start()) {
            URI endpoint = URI.create(emulator.endpoint());

            assertThat(endpoint.getHost()).isEqualTo("127.0.0.1");
            assertThat(endpoint.getPort()).isPositive();
            assertThat(emulator).hasToString("GcsEmulator[endpoint=" + endpoint + "]");
        }
    }

    @Test
    void closeFreesThePortAndMayBeRepeated() throws IOException {
        GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
        int port = URI.create(emulator.endpoint()).getPort();
        Wire wire = new Wire(emulator);
        wire.insert("a", "1");

        emulator.close();
        emulator.close();

        assertThatThrownBy(() -> wire.show("a")).isInstanceOf(ConnectException.class);
        try (GcsEmulator next = GcsEmulator.builder().bucket("b").port(port).start()) {
            assertThat(new Wire(next).show("a").status()).isEqualTo(404);
        }
    }

    @Test
    @Timeout(60)
    void closeLeavesNoThread() throws IOException {
        GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
        new Wire(emulator).insert("a", "1");
        List<Thread> threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("gcs-emulator-"))
                .toList();

        emulator.close();

        assertThat(threads).isNotEmpty();
        for (Thread thread : threads) {
            assertThatCode(thread::join).doesNotThrowAnyException();
        }
    }

    @Test
    void aTakenPortIsNamed() {
        try (GcsEmulator emulator = GcsEmulator.start()) {
            int port = URI.create(emulator.endpoint()).getPort();

            assertThatThrownBy(() -> GcsEmulator.builder().port(port).start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("port=" + port);
        }
    }

    @Test
    void badSettingsAreRefused() {
        GcsEmulatorBuilder builder = GcsEmulator.builder();

        assertThatThrownBy(() -> builder.pageSize(0)).hasMessageContaining("entries=0");
        assertThatThrownBy(() -> builder.pageSize(1001)).hasMessageContaining("entries=1001");
        assertThatThrownBy(() -> builder.port(70000)).hasMessageContaining("port=70000");
    }
}
