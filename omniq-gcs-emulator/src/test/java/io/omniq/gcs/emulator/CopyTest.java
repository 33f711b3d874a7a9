/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.gcs.emulator.Wire.Got;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Copy, rewrite, move and compose. */
class CopyTest {
    private final GcsEmulator emulator =
            GcsEmulator.builder().bucket("b").bucket("other").start();
    private final Wire wire = new Wire(emulator);

    @AfterEach
    void close() {
        emulator.close();
    }

    private Got post(String path) throws IOException {
        return wire.send("POST", path, "{}");
    }

    @Test
    void copyKeepsContentAndMetadata() throws IOException {
        wire.multipart("{\"name\":\"a/1\",\"metadata\":{\"k\":\"v\"}}", "body");

        Got copy = post(Wire.object("a/1") + "/copyTo/b/other/o/" + Wire.encode("c/1"));

        assertThat(copy.status()).isEqualTo(200);
        assertThat(copy.json().path("bucket").asText()).isEqualTo("other");
        assertThat(copy.json().path("name").asText()).isEqualTo("c/1");
        assertThat(copy.json().at("/metadata/k").asText()).isEqualTo("v");
        assertThat(wire.send("GET", "/storage/v1/b/other/o/c%2F1?alt=media").text())
                .isEqualTo("body");
        assertThat(wire.show("a/1").status()).isEqualTo(200);
    }

    @Test
    void copyWithMetadataReplacesTheMetadata() throws IOException {
        wire.multipart("{\"name\":\"a\",\"metadata\":{\"k\":\"v\"}}", "body");

        Got copy = wire.send("POST", Wire.object("a") + "/copyTo/b/b/o/c", "{\"metadata\":{\"l\":\"w\"}}");

        assertThat(copy.json().path("metadata").toString()).isEqualTo("{\"l\":\"w\"}");
        assertThat(copy.json().path("contentType").asText()).isEqualTo("text/plain");
    }

    @Test
    void rewriteIsDoneInOneStep() throws IOException {
        wire.insert("a", "body");

        Got rewrite = post(Wire.object("a") + "/rewriteTo/b/b/o/c");

        assertThat(rewrite.json().path("done").asBoolean()).isTrue();
        assertThat(rewrite.json().path("objectSize").asText()).isEqualTo("4");
        assertThat(rewrite.json().at("/resource/name").asText()).isEqualTo("c");
    }

    @Test
    void copyIsBoundToSourceAndTarget() throws IOException {
        long source = wire.insert("a", "1").generation();
        String copy = Wire.object("a") + "/copyTo/b/b/o/c";

        assertThat(post(copy + "?ifSourceGenerationMatch=" + (source + 1)).status())
                .isEqualTo(412);
        assertThat(post(copy + "?ifSourceMetagenerationMatch=2").status()).isEqualTo(412);
        assertThat(post(copy + "?sourceGeneration=" + (source + 1)).status()).isEqualTo(404);
        assertThat(post(copy + "?ifGenerationMatch=0&ifSourceGenerationMatch=" + source)
                        .status())
                .isEqualTo(200);
        assertThat(post(copy + "?ifGenerationMatch=0").status()).isEqualTo(412);
        assertThat(post(Wire.object("missing") + "/copyTo/b/b/o/c").status()).isEqualTo(404);
    }

    @Test
    void moveRenamesInOneStep() throws IOException {
        long source = wire.multipart("{\"name\":\"a\",\"metadata\":{\"k\":\"v\"}}", "1")
                .generation();
        String move = Wire.object("a") + "/moveTo/o/c";

        assertThat(post(move + "?ifSourceGenerationMatch=" + (source + 1)).status())
                .isEqualTo(412);
        assertThat(wire.show("c").status()).isEqualTo(404);

        Got moved = post(move + "?ifGenerationMatch=0&ifSourceGenerationMatch=" + source);

        assertThat(moved.json().path("name").asText()).isEqualTo("c");
        assertThat(moved.json().at("/metadata/k").asText()).isEqualTo("v");
        assertThat(moved.generation()).isGreaterThan(source);
        assertThat(wire.list().names()).containsExactly("c");
    }

    @Test
    void composeJoinsContents() throws IOException {
        long first = wire.insert("a", "1").generation();
        wire.insert("b", "2");

        Got composed = wire.send(
                "POST",
                Wire.object("c") + "/compose",
                "{\"sourceObjects\":[{\"name\":\"a\",\"objectPreconditions\":{\"ifGenerationMatch\":\"" + first
                        + "\"}},{\"name\":\"b\"}],\"destination\":{\"metadata\":{\"k\":\"v\"}}}");
        Got refused = wire.send(
                "POST",
                Wire.object("c") + "/compose",
                "{\"sourceObjects\":[{\"name\":\"a\",\"objectPreconditions\":{\"ifGenerationMatch\":\"1\"}}]}");

        assertThat(composed.json().path("componentCount").asInt()).isEqualTo(2);
        assertThat(composed.json().has("md5Hash")).isFalse();
        assertThat(composed.json().at("/metadata/k").asText()).isEqualTo("v");
        assertThat(refused.status()).isEqualTo(412);
        assertThat(wire.download("c").text()).isEqualTo("12");
        assertThat(wire.send("POST", Wire.object("c") + "/compose", "{}").status())
                .isEqualTo(400);
    }
}
