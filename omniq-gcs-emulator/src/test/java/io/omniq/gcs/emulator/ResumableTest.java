/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.gcs.emulator.Wire.Got;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResumableTest {
    private static final int QUANTUM = 256 * 1024;
    private final GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
    private final Wire wire = new Wire(emulator);

    @AfterEach
    void close() {
        emulator.close();
    }

    private String begin(String resource, String... query) throws IOException {
        Got begun = wire.send(
                "POST",
                "/upload/storage/v1/b/b/o?uploadType=resumable"
                        + (query.length == 0 ? "" : "&" + String.join("&", query)),
                resource);
        assertThat(begun.status()).isEqualTo(200);
        return begun.header("Location");
    }

    private Got put(String location, byte[] bytes, String range) throws IOException {
        return wire.send("PUT", location, bytes, "Content-Range", range);
    }

    private static byte[] content(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i / 1000);
        }
        return bytes;
    }

    @Test
    void oneRequestMayBringItAll() throws IOException {
        String location = begin("{\"name\":\"a\",\"metadata\":{\"k\":\"v\"},\"contentType\":\"text/plain\"}");

        Got made = wire.send("PUT", location, "hello".getBytes());

        assertThat(made.status()).isEqualTo(200);
        assertThat(made.json().at("/metadata/k").asText()).isEqualTo("v");
        assertThat(wire.download("a").text()).isEqualTo("hello");
    }

    @Test
    void piecesAreJoined() throws IOException {
        byte[] all = content(2 * QUANTUM + 10);
        String location = begin("{\"name\":\"a\"}");

        Got first = put(location, Arrays.copyOf(all, QUANTUM), "bytes 0-" + (QUANTUM - 1) + "/*");
        Got second = put(
                location,
                Arrays.copyOfRange(all, QUANTUM, 2 * QUANTUM),
                "bytes " + QUANTUM + "-" + (2 * QUANTUM - 1) + "/*");
        assertThat(wire.show("a").status()).isEqualTo(404);
        Got last = put(
                location,
                Arrays.copyOfRange(all, 2 * QUANTUM, all.length),
                "bytes " + 2 * QUANTUM + "-" + (all.length - 1) + "/" + all.length);

        assertThat(first.status()).isEqualTo(308);
        assertThat(first.header("Range")).isEqualTo("bytes=0-" + (QUANTUM - 1));
        assertThat(second.header("Range")).isEqualTo("bytes=0-" + (2 * QUANTUM - 1));
        assertThat(last.status()).isEqualTo(200);
        assertThat(wire.download("a").body()).isEqualTo(all);
    }

    @Test
    void aPieceThatIsNoMultipleIsKeptInPart() throws IOException {
        byte[] all = content(QUANTUM + 10);
        String location = begin("{\"name\":\"a\"}");

        Got first = put(location, all, "bytes 0-" + (all.length - 1) + "/*");

        assertThat(first.header("Range")).isEqualTo("bytes=0-" + (QUANTUM - 1));
    }

    @Test
    void theServerTellsHowMuchArrived() throws IOException {
        String location = begin("{\"name\":\"a\"}");
        Got nothing = put(location, new byte[0], "bytes */*");
        put(location, content(QUANTUM), "bytes 0-" + (QUANTUM - 1) + "/*");
        Got some = put(location, new byte[0], "bytes */*");
        Got finished = put(location, new byte[0], "bytes */" + QUANTUM);
        Got again = put(location, new byte[0], "bytes */*");

        assertThat(nothing.status()).isEqualTo(308);
        assertThat(nothing.header("Range")).isEmpty();
        assertThat(some.header("Range")).isEqualTo("bytes=0-" + (QUANTUM - 1));
        assertThat(finished.status()).isEqualTo(200);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.generation()).isEqualTo(finished.generation());
    }

    @Test
    void bytesSentTwiceCountOnceAndGapsAreRefused() throws IOException {
        byte[] all = content(QUANTUM + 5);
        String location = begin("{\"name\":\"a\"}");
        put(location, Arrays.copyOf(all, QUANTUM), "bytes 0-" + (QUANTUM - 1) + "/*");

        Got gap = put(location, new byte[5], "bytes " + (QUANTUM + 1) + "-" + (QUANTUM + 5) + "/*");
        Got made = put(location, all, "bytes 0-" + (all.length - 1) + "/" + all.length);

        assertThat(gap.status()).isEqualTo(503);
        assertThat(made.status()).isEqualTo(200);
        assertThat(wire.download("a").body()).isEqualTo(all);
    }

    @Test
    void conditionsAreCheckedAtTheStartAndAtTheEnd() throws IOException {
        String location = begin("{\"name\":\"a\"}", "ifGenerationMatch=0");
        wire.insert("a", "other");

        Got late = wire.send("PUT", location, "hello".getBytes());
        Got early = wire.send(
                "POST", "/upload/storage/v1/b/b/o?uploadType=resumable&ifGenerationMatch=0", "{\"name\":\"a\"}");

        assertThat(late.status()).isEqualTo(412);
        assertThat(early.status()).isEqualTo(412);
        assertThat(wire.download("a").text()).isEqualTo("other");
    }

    @Test
    void wrongHashesAreRefused() throws IOException {
        String location = begin("{\"name\":\"a\"}");

        assertThat(wire.send("PUT", location, "hello".getBytes(), "X-Goog-Hash", "crc32c=AAAAAA==")
                        .status())
                .isEqualTo(400);
        assertThat(wire.send("PUT", location, "hello".getBytes(), "X-Goog-Hash", "crc32c=mnG7TA==")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void anUploadCanBeGivenUp() throws IOException {
        String location = begin("{\"name\":\"a\"}");

        assertThat(wire.send("DELETE", location).status()).isEqualTo(499);
        assertThat(wire.send("PUT", location, "hello".getBytes()).status()).isEqualTo(404);
        assertThat(wire.show("a").status()).isEqualTo(404);
    }

    @Test
    void anUploadIsBilledOnceHoweverManyPieces() throws IOException {
        String location = begin("{\"name\":\"a\"}");
        put(location, content(QUANTUM), "bytes 0-" + (QUANTUM - 1) + "/*");
        put(location, new byte[0], "bytes */*");
        put(location, new byte[0], "bytes */" + QUANTUM);

        assertThat(emulator.operations().classA()).isEqualTo(1);
        assertThat(emulator.operations().calls(GcsMethod.UPLOAD_CHUNK)).isEqualTo(3);
    }
}
