/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.gcs.emulator.Wire.Got;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InsertTest {
    private final GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
    private final Wire wire = new Wire(emulator);

    @AfterEach
    void close() {
        emulator.close();
    }

    @Test
    void mediaUploadShowsTheNewObject() throws IOException {
        Got made = wire.insert("a/b", "hello");

        assertThat(made.status()).isEqualTo(200);
        assertThat(made.json().path("kind").asText()).isEqualTo("storage#object");
        assertThat(made.json().path("name").asText()).isEqualTo("a/b");
        assertThat(made.json().path("bucket").asText()).isEqualTo("b");
        assertThat(made.json().path("size").asText()).isEqualTo("5");
        assertThat(made.json().path("contentType").asText()).isEqualTo("text/plain");
        assertThat(made.json().path("crc32c").asText()).isEqualTo("mnG7TA==");
        assertThat(made.json().path("md5Hash").asText()).isEqualTo("XUFAKrxLKna5cZ2REBfFkg==");
        assertThat(made.json().path("generation").isTextual()).isTrue();
        assertThat(made.json().path("metageneration").asText()).isEqualTo("1");
        assertThat(made.json().path("timeCreated").asText())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(made.header("ETag")).isEqualTo(made.json().path("etag").asText());
    }

    @Test
    void multipartUploadTakesMetadataAndContent() throws IOException {
        Got made = wire.multipart(
                "{\"name\":\"m\",\"metadata\":{\"k\":\"v\"},\"customTime\":\"2026-01-02T03:04:05Z\"}", "body");

        assertThat(made.status()).isEqualTo(200);
        assertThat(made.json().at("/metadata/k").asText()).isEqualTo("v");
        assertThat(made.json().path("customTime").asText()).isEqualTo("2026-01-02T03:04:05.000Z");
        assertThat(wire.download("m").text()).isEqualTo("body");
    }

    @Test
    void multipartUploadMayEndItsLinesWithLineFeedsAlone() throws IOException {
        String body = "--xyz\nContent-Type: application/json\n\n{\"name\":\"lf\"}\n--xyz\n\na\r\nb\n--xyz--\n";

        assertThat(wire.multipart(body.getBytes(StandardCharsets.UTF_8)).status())
                .isEqualTo(200);
        assertThat(wire.download("lf").text()).isEqualTo("a\r\nb");
    }

    @Test
    void multipartContentMayBeAnyBytes() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] content = new byte[70_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31 + i / 256);
        }
        body.writeBytes("--xyz\r\n\r\n{\"name\":\"bin\"}\r\n--xyz\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        body.writeBytes(content);
        body.writeBytes("\r\n--xyz--".getBytes(StandardCharsets.UTF_8));

        assertThat(wire.multipart(body.toByteArray()).status()).isEqualTo(200);
        assertThat(wire.download("bin").body()).isEqualTo(content);
    }

    @Test
    void theBoundaryMayOccurWithinALine() throws IOException {
        wire.multipart("{\"name\":\"a\"}", "x --xyz-- y");

        assertThat(wire.download("a").text()).isEqualTo("x --xyz-- y");
    }

    @Test
    void emptyContentIsContent() throws IOException {
        Got made = wire.multipart("{\"name\":\"empty\"}", "");

        assertThat(made.json().path("size").asText()).isEqualTo("0");
        assertThat(wire.download("empty").body()).isEmpty();
    }

    @Test
    void bodyMayBePacked() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write("plain".getBytes(StandardCharsets.UTF_8));
        }
        Got made = wire.send(
                "POST",
                "/upload/storage/v1/b/b/o?uploadType=media&name=z",
                packed.toByteArray(),
                "Content-Encoding",
                "gzip");

        assertThat(made.json().path("size").asText()).isEqualTo("5");
        assertThat(made.json().has("contentEncoding")).isFalse();
    }

    @Test
    void generationGrowsWithEachOverwriteAndMetagenerationStartsAgain() throws IOException {
        long first = wire.insert("a", "1").generation();
        wire.patch("a", "{\"metadata\":{\"k\":\"v\"}}");
        Got second = wire.insert("a", "2");

        assertThat(second.generation()).isGreaterThan(first);
        assertThat(second.json().path("metageneration").asText()).isEqualTo("1");
        assertThat(second.json().has("metadata")).isFalse();
    }

    @Test
    void generationZeroMeansThatNoObjectIsThere() throws IOException {
        assertThat(wire.insert("a", "1", "ifGenerationMatch=0").status()).isEqualTo(200);

        Got refused = wire.insert("a", "2", "ifGenerationMatch=0");

        assertThat(refused.status()).isEqualTo(412);
        assertThat(refused.reason()).isEqualTo("conditionNotMet");
        assertThat(refused.json().at("/error/code").asInt()).isEqualTo(412);
        assertThat(refused.json().at("/error/errors/0/domain").asText()).isEqualTo("global");
        assertThat(refused.json().at("/error/errors/0/location").asText()).isEqualTo("If-Match");
        assertThat(refused.json().at("/error/errors/0/locationType").asText()).isEqualTo("header");
        assertThat(wire.download("a").text()).isEqualTo("1");
    }

    @Test
    void overwriteIsBoundToTheGenerationNamed() throws IOException {
        long first = wire.insert("a", "1").generation();

        assertThat(wire.insert("a", "2", "ifGenerationMatch=" + first).status()).isEqualTo(200);
        assertThat(wire.insert("a", "3", "ifGenerationMatch=" + first).status()).isEqualTo(412);
        assertThat(wire.insert("missing", "3", "ifGenerationMatch=" + first).status())
                .isEqualTo(412);
        assertThat(wire.download("a").text()).isEqualTo("2");
    }

    @Test
    void generationNotMatchOnAWriteIs412Not304() throws IOException {
        assertThat(wire.insert("a", "1", "ifGenerationNotMatch=0").status()).isEqualTo(412);

        long first = wire.insert("a", "1").generation();

        assertThat(wire.insert("a", "2", "ifGenerationNotMatch=" + first).status())
                .isEqualTo(412);
        assertThat(wire.insert("a", "2", "ifGenerationNotMatch=0").status()).isEqualTo(200);
    }

    @Test
    void overwriteIsBoundToTheMetagenerationNamed() throws IOException {
        assertThat(wire.insert("a", "1", "ifMetagenerationMatch=1").status()).isEqualTo(412);
        wire.insert("a", "1");
        wire.patch("a", "{\"metadata\":{\"k\":\"v\"}}");

        assertThat(wire.insert("a", "2", "ifMetagenerationMatch=1").status()).isEqualTo(412);
        assertThat(wire.insert("a", "2", "ifMetagenerationNotMatch=2").status()).isEqualTo(412);
        assertThat(wire.insert("a", "2", "ifMetagenerationMatch=2").status()).isEqualTo(200);
    }

    @Test
    void wrongChecksumsAreRefusedAndNothingIsStored() throws IOException {
        Got crc = wire.multipart("{\"name\":\"a\",\"crc32c\":\"AAAAAA==\"}", "hello");
        Got md5 = wire.multipart("{\"name\":\"a\",\"md5Hash\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}", "hello");
        Got header = wire.send(
                "POST",
                "/upload/storage/v1/b/b/o?uploadType=media&name=a",
                "hello".getBytes(StandardCharsets.UTF_8),
                "X-Goog-Hash",
                "crc32c=AAAAAA==");

        assertThat(Arrays.asList(crc.status(), md5.status(), header.status())).containsOnly(400);
        assertThat(crc.reason()).isEqualTo("invalid");
        assertThat(wire.show("a").status()).isEqualTo(404);
    }

    @Test
    void rightChecksumsAreAccepted() throws IOException {
        assertThat(wire.multipart(
                                "{\"name\":\"a\",\"crc32c\":\"mnG7TA==\",\"md5Hash\":\"XUFAKrxLKna5cZ2REBfFkg==\"}",
                                "hello")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a//b", "a b+c%d", "../x", "ümlaut/日本/😀", "semi;colon&amp=?#", "trailing/", " "})
    void oddNamesAreKept(String name) throws IOException {
        assertThat(wire.insert(name, name).status()).isEqualTo(200);

        assertThat(wire.show(name).json().path("name").asText()).isEqualTo(name);
        assertThat(wire.download(name).text()).isEqualTo(name);
        assertThat(wire.list("prefix=" + Wire.encode(name)).names()).containsExactly(name);
        assertThat(wire.delete(name).status()).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "line\nbreak", ".well-known/acme-challenge/x"})
    void forbiddenNamesAreRefused(String name) throws IOException {
        assertThat(wire.insert(name, "").status()).isEqualTo(400);
    }

    @Test
    void namesMayHave1024BytesNotMore() throws IOException {
        assertThat(wire.insert("ü".repeat(512), "").status()).isEqualTo(200);
        assertThat(wire.insert("ü".repeat(512) + "x", "").status()).isEqualTo(400);
    }

    @Test
    void metadataMayHave8KibNotMore() throws IOException {
        String fits = "{\"name\":\"a\",\"metadata\":{\"k\":\"" + "v".repeat(8191) + "\"}}";
        String tooMuch = "{\"name\":\"a\",\"metadata\":{\"k\":\"" + "v".repeat(8192) + "\"}}";

        assertThat(wire.multipart(fits, "").status()).isEqualTo(200);
        assertThat(wire.multipart(tooMuch, "").status()).isEqualTo(400);
    }

    @Test
    void badRequestsAreNamed() throws IOException {
        assertThat(wire.send("POST", "/upload/storage/v1/b/b/o?uploadType=media", "x")
                        .reason())
                .isEqualTo("required");
        assertThat(wire.insert("a", "x", "ifGenerationMatch=zero").status()).isEqualTo(400);
        assertThat(wire.multipart("{\"name\":\"a\"", "x").reason()).isEqualTo("parseError");
        assertThat(wire.multipart("{}", "x").reason()).isEqualTo("required");
        assertThat(wire.send("POST", "/upload/storage/v1/b/none/o?uploadType=media&name=a", "x")
                        .json()
                        .at("/error/message")
                        .asText())
                .isEqualTo("The specified bucket does not exist.");
    }
}
