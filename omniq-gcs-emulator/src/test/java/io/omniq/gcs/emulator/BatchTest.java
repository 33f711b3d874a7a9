/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.gcs.emulator.Wire.Got;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchTest {
    private final GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
    private final Wire wire = new Wire(emulator);

    @AfterEach
    void close() {
        emulator.close();
    }

    private Got send(String... calls) throws IOException {
        StringBuilder body = new StringBuilder();
        int id = 0;
        for (String call : calls) {
            body.append("--frontier\r\nContent-Type: application/http\r\nContent-ID: <x+")
                    .append(++id)
                    .append(">\r\n\r\n")
                    .append(call)
                    .append("\r\n");
        }
        return wire.send(
                "POST",
                "/batch/storage/v1",
                body.append("--frontier--\r\n").toString().getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "multipart/mixed; boundary=\"frontier\"");
    }

    private static String call(String line) {
        return line + " HTTP/1.1\r\n\r\n";
    }

    private static List<Integer> statuses(Got batch) {
        List<Integer> statuses = new ArrayList<>();
        for (Multipart.Part part : Multipart.parse(batch.body(), batch.header("Content-Type"))) {
            String line = new String(part.content(), StandardCharsets.UTF_8);
            statuses.add(Integer.parseInt(line.split(" ", 3)[1]));
        }
        return statuses;
    }

    @Test
    void everyCallHasItsOwnOutcome() throws IOException {
        long generation = wire.insert("a", "1").generation();
        wire.insert("c", "1");

        Got batch = send(
                call("DELETE /storage/v1/b/b/o/a?ifGenerationMatch=" + (generation + 1)),
                call("DELETE " + emulator.endpoint() + "/storage/v1/b/b/o/a?ifGenerationMatch=" + generation),
                call("DELETE /storage/v1/b/b/o/missing"),
                "POST /storage/v1/b/b/o/c HTTP/1.1\r\nX-HTTP-Method-Override: PATCH\r\n"
                        + "Content-Type: application/json\r\n\r\n{\"metadata\":{\"k\":\"v\"}}",
                call("GET /storage/v1/b/b/o/c?fields=metadata"));

        assertThat(batch.status()).isEqualTo(200);
        assertThat(statuses(batch)).containsExactly(412, 204, 404, 200, 200);
        assertThat(batch.text()).contains("Content-ID: <response-x+1>").contains("{\"metadata\":{\"k\":\"v\"}}");
        assertThat(wire.list().names()).containsExactly("c");
    }

    @Test
    void everyCallIsBilled() throws IOException {
        wire.insert("a", "1");
        GcsOperations before = emulator.operations();

        send(call("GET /storage/v1/b/b/o/a"), call("GET /storage/v1/b/b/o/a"), call("DELETE /storage/v1/b/b/o/a"));

        GcsOperations during = emulator.operations().since(before);
        assertThat(during.classB()).isEqualTo(2);
        assertThat(during.calls(GcsMethod.OBJECTS_DELETE)).isEqualTo(1);
        assertThat(during.calls(GcsMethod.BATCH)).isEqualTo(1);
    }

    @Test
    void uploadsAndDownloadsAreRefused() throws IOException {
        wire.insert("a", "1");

        Got batch = send(
                call("GET /storage/v1/b/b/o/a?alt=media"),
                "POST /upload/storage/v1/b/b/o?uploadType=media&name=c HTTP/1.1\r\n\r\nx");

        assertThat(statuses(batch)).containsExactly(400, 400);
    }

    @Test
    void oneHundredCallsAreTheMost() throws IOException {
        String[] many = new String[101];
        Arrays.fill(many, call("GET /storage/v1/b/b/o/a"));

        assertThat(send(many).status()).isEqualTo(400);
        assertThat(send(Arrays.copyOf(many, 100)).status()).isEqualTo(200);
    }

    @Test
    void faultsHitSingleCalls() throws IOException {
        wire.insert("a", "1");
        wire.insert("c", "1");
        emulator.faults().failNext(GcsMethod.OBJECTS_DELETE, "c", GcsFault.errorBefore(503));

        assertThat(statuses(send(call("DELETE /storage/v1/b/b/o/a"), call("DELETE /storage/v1/b/b/o/c"))))
                .containsExactly(204, 503);
        assertThat(wire.list().names()).containsExactly("c");
    }

    @Test
    void aLostAnswerInABatchLosesTheBatch() throws IOException {
        wire.insert("a", "1");
        wire.insert("c", "1");
        emulator.faults().failNext(GcsMethod.OBJECTS_DELETE, "a", GcsFault.lostAnswer());

        assertThatThrownBy(() -> send(call("DELETE /storage/v1/b/b/o/a"), call("DELETE /storage/v1/b/b/o/c")))
                .isInstanceOf(IOException.class);
        assertThat(wire.list().names()).isEmpty();
    }
}
