/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.gcs.emulator.Wire.Got;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadTest {
    private final GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
    private final Wire wire = new Wire(emulator);

    @AfterEach
    void close() {
        emulator.close();
    }

    @Test
    void missingObjectsAre404() throws IOException {
        Got missing = wire.show("a/b");

        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.reason()).isEqualTo("notFound");
        assertThat(missing.json().at("/error/message").asText()).isEqualTo("No such object: b/a/b");
        assertThat(wire.download("a/b").status()).isEqualTo(404);
        assertThat(wire.show("a/b", "ifGenerationMatch=0").status()).isEqualTo(404);
    }

    @Test
    void readsAreBoundToGenerations() throws IOException {
        long generation = wire.insert("a", "1").generation();

        assertThat(wire.show("a", "ifGenerationMatch=" + generation).status()).isEqualTo(200);
        assertThat(wire.show("a", "ifGenerationMatch=" + (generation + 1)).status())
                .isEqualTo(412);
        assertThat(wire.download("a", "ifGenerationMatch=" + (generation + 1)).status())
                .isEqualTo(412);
        assertThat(wire.show("a", "ifMetagenerationMatch=2").status()).isEqualTo(412);
        assertThat(wire.show("a", "ifMetagenerationMatch=1").status()).isEqualTo(200);
    }

    @Test
    void unchangedObjectsAre304WithoutBody() throws IOException {
        long generation = wire.insert("a", "1").generation();

        Got unchanged = wire.download("a", "ifGenerationNotMatch=" + generation);

        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.body()).isEmpty();
        assertThat(wire.show("a", "ifMetagenerationNotMatch=1").status()).isEqualTo(304);
        assertThat(wire.show("a", "ifGenerationNotMatch=" + (generation - 1)).status())
                .isEqualTo(200);
    }

    @Test
    void overwrittenGenerationsAreGone() throws IOException {
        long first = wire.insert("a", "1").generation();
        long second = wire.insert("a", "2").generation();

        assertThat(wire.show("a", "generation=" + first).status()).isEqualTo(404);
        assertThat(wire.download("a", "generation=" + second).text()).isEqualTo("2");
    }

    @Test
    void downloadsCarryGenerationsHashesAndEtag() throws IOException {
        Got made = wire.insert("a", "hello");
        Got got = wire.download("a");

        assertThat(got.header("x-goog-generation"))
                .isEqualTo(made.json().path("generation").asText());
        assertThat(got.header("x-goog-metageneration")).isEqualTo("1");
        assertThat(got.response().headers().allValues("x-goog-hash"))
                .containsExactlyInAnyOrder("crc32c=mnG7TA==", "md5=XUFAKrxLKna5cZ2REBfFkg==");
        assertThat(got.header("x-goog-stored-content-length")).isEqualTo("5");
        assertThat(got.header("content-type")).isEqualTo("text/plain");
        assertThat(got.header("etag")).isEqualTo(made.json().path("etag").asText());
    }

    @Test
    void etagChangesWithEitherGeneration() throws IOException {
        String made = wire.insert("a", "1").json().path("etag").asText();
        String patched = wire.patch("a", "{\"metadata\":{\"k\":\"v\"}}")
                .json()
                .path("etag")
                .asText();
        String rewritten = wire.insert("a", "1").json().path("etag").asText();

        assertThat(made).isNotEqualTo(patched);
        assertThat(rewritten).isNotIn(made, patched);
    }

    @Test
    void rangesAreServed() throws IOException {
        wire.insert("a", "0123456789");

        assertThat(range("bytes=2-4").text()).isEqualTo("234");
        assertThat(range("bytes=2-4").status()).isEqualTo(206);
        assertThat(range("bytes=2-4").header("content-range")).isEqualTo("bytes 2-4/10");
        assertThat(range("bytes=7-").text()).isEqualTo("789");
        assertThat(range("bytes=7-100").text()).isEqualTo("789");
        assertThat(range("bytes=-3").text()).isEqualTo("789");
        assertThat(range("bytes=10-").status()).isEqualTo(416);
    }

    private Got range(String range) throws IOException {
        return wire.send("GET", "/download" + Wire.object("a") + "?alt=media", new byte[0], "Range", range);
    }

    @Test
    void packedContentIsUnpackedForThoseWhoCannot() throws IOException {
        byte[] packed = packed("plain");
        wire.insert("a", packed, "contentEncoding=gzip");

        Got unpacked = wire.download("a");
        Got asStored =
                wire.send("GET", "/download" + Wire.object("a") + "?alt=media", new byte[0], "Accept-Encoding", "gzip");

        assertThat(unpacked.text()).isEqualTo("plain");
        assertThat(unpacked.header("content-encoding")).isEmpty();
        assertThat(unpacked.header("x-goog-stored-content-encoding")).isEqualTo("gzip");
        assertThat(asStored.body()).isEqualTo(packed);
        assertThat(asStored.header("content-encoding")).isEqualTo("gzip");
    }

    @Test
    void longJsonIsPackedForThoseWhoCan() throws IOException {
        wire.insert("a", "1");

        Got got = wire.send("GET", Wire.object("a"), new byte[0], "Accept-Encoding", "gzip");

        assertThat(got.header("content-encoding")).isEqualTo("gzip");
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(got.body()))) {
            assertThat(Json.parse(gzip.readAllBytes()).path("name").asText()).isEqualTo("a");
        }
    }

    @Test
    void fieldsChooseWhatIsShown() throws IOException {
        wire.multipart("{\"name\":\"a\",\"metadata\":{\"k\":\"v\",\"l\":\"w\"}}", "");

        assertThat(wire.show("a", "fields=name,metadata/k").text())
                .isEqualTo("{\"name\":\"a\",\"metadata\":{\"k\":\"v\"}}");
        assertThat(wire.list("fields=items(name,metadata(l))").text())
                .isEqualTo("{\"items\":[{\"name\":\"a\",\"metadata\":{\"l\":\"w\"}}]}");
        assertThat(wire.list("fields=items/name,nextPageToken").text()).isEqualTo("{\"items\":[{\"name\":\"a\"}]}");
        assertThat(wire.show("a", "fields=*").text()).isEqualTo(wire.show("a").text());
        assertThat(wire.show("a", "fields=(").status()).isEqualTo(400);
    }

    @Test
    void unknownPathsAreNotEmulated() throws IOException {
        Got unknown = wire.send("GET", "/storage/v1/b/b/acl");

        assertThat(unknown.status()).isEqualTo(501);
        assertThat(unknown.json().at("/error/message").asText()).contains("GET /storage/v1/b/b/acl");
    }

    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
