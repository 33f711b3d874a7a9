/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CostTest {
    private final GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
    private final Wire wire = new Wire(emulator);

    @AfterEach
    void close() {
        emulator.close();
    }

    @Test
    void writesAndListsAreClassAReadsClassBDeletesFree() throws IOException {
        long generation = wire.insert("a", "12345").generation();
        wire.patch("a", "{\"metadata\":{\"k\":\"v\"}}");
        wire.list();
        wire.show("a");
        wire.download("a");
        wire.download("a", "ifGenerationNotMatch=" + generation);
        wire.delete("a");

        GcsOperations operations = emulator.operations();

        assertThat(operations.classA()).isEqualTo(3);
        assertThat(operations.classB()).isEqualTo(3);
        assertThat(operations.free()).isEqualTo(1);
        assertThat(operations.dollars()).isCloseTo((3 * 5 + 3 * 0.4) / 1_000_000, within(1e-12));
        assertThat(operations.calls(GcsMethod.OBJECTS_DOWNLOAD)).isEqualTo(2);
        assertThat(operations.answers(304)).isEqualTo(1);
    }

    @Test
    void whatFailsIsFree() throws IOException {
        wire.insert("a", "1", "ifGenerationMatch=1");
        wire.show("a");
        emulator.faults().failNext(GcsMethod.OBJECTS_LIST, GcsFault.errorBefore(503));
        wire.list();

        GcsOperations operations = emulator.operations();

        assertThat(operations.classA()).isZero();
        assertThat(operations.classB()).isZero();
        assertThat(operations.free()).isEqualTo(3);
        assertThat(operations.statuses()).containsOnlyKeys(412, 404, 503);
    }

    @Test
    void differencesAndBytesAreCounted() throws IOException {
        wire.insert("a", "12345");
        GcsOperations before = emulator.operations();
        wire.download("a");
        wire.insert("b", "123");

        GcsOperations during = emulator.operations().since(before);

        assertThat(before.bytesReceived()).isEqualTo(5);
        assertThat(during.bytesReceived()).isEqualTo(3);
        assertThat(during.bytesSent()).isGreaterThan(5);
        assertThat(during.calls()).containsOnlyKeys(GcsMethod.OBJECTS_DOWNLOAD, GcsMethod.OBJECTS_INSERT);
        assertThat(emulator.liveBytes("b")).isEqualTo(8);
    }
}
