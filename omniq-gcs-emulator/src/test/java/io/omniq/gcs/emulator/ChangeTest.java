/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.gcs.emulator.Wire.Got;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Patch, update and delete. */
class ChangeTest {
    private final GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
    private final Wire wire = new Wire(emulator);

    @AfterEach
    void close() {
        emulator.close();
    }

    @Test
    void patchMergesMetadataAndNullRemovesAKey() throws IOException {
        wire.multipart("{\"name\":\"a\",\"metadata\":{\"k\":\"v\",\"l\":\"w\"}}", "");

        Got patched = wire.patch("a", "{\"metadata\":{\"k\":null,\"m\":\"x\"},\"contentType\":\"text/html\"}");

        assertThat(patched.json().path("metadata").toString()).isEqualTo("{\"l\":\"w\",\"m\":\"x\"}");
        assertThat(patched.json().path("contentType").asText()).isEqualTo("text/html");
        assertThat(patched.json().path("metageneration").asText()).isEqualTo("2");
        assertThat(wire.patch("a", "{\"metadata\":null}").json().has("metadata"))
                .isFalse();
    }

    @Test
    void patchLeavesTheGenerationAlone() throws IOException {
        Got made = wire.insert("a", "1");
        Got patched = wire.patch("a", "{\"generation\":null,\"metadata\":{\"k\":\"v\"}}");

        assertThat(patched.generation()).isEqualTo(made.generation());
        assertThat(wire.download("a").text()).isEqualTo("1");
    }

    @Test
    void patchMayComeAsPost() throws IOException {
        wire.insert("a", "1");

        Got patched = wire.send(
                "POST", Wire.object("a"), "{\"metadata\":{\"k\":\"v\"}}".getBytes(), "X-HTTP-Method-Override", "PATCH");

        assertThat(patched.json().at("/metadata/k").asText()).isEqualTo("v");
    }

    @Test
    void patchIsBoundToGenerationAndMetageneration() throws IOException {
        long generation = wire.insert("a", "1").generation();
        String change = "{\"metadata\":{\"k\":\"v\"}}";

        assertThat(wire.patch("a", change, "ifMetagenerationMatch=2").status()).isEqualTo(412);
        assertThat(wire.patch("a", change, "ifGenerationMatch=" + (generation + 1))
                        .status())
                .isEqualTo(412);
        assertThat(wire.patch("a", change, "ifGenerationMatch=" + generation, "ifMetagenerationMatch=1")
                        .status())
                .isEqualTo(200);
        assertThat(wire.patch("a", change, "ifGenerationMatch=" + generation, "ifMetagenerationMatch=1")
                        .status())
                .isEqualTo(412);
        assertThat(wire.patch("a", change, "ifMetagenerationNotMatch=2").status())
                .isEqualTo(412);
        assertThat(wire.patch("missing", change).status()).isEqualTo(404);
        assertThat(wire.patch("a", change, "generation=" + (generation - 1)).status())
                .isEqualTo(404);
    }

    @Test
    void updateReplacesWhatPatchWouldMerge() throws IOException {
        wire.multipart("{\"name\":\"a\",\"metadata\":{\"k\":\"v\"},\"cacheControl\":\"no-store\"}", "");

        Got updated = wire.send("PUT", Wire.object("a"), "{\"metadata\":{\"l\":\"w\"}}");

        assertThat(updated.json().path("metadata").toString()).isEqualTo("{\"l\":\"w\"}");
        assertThat(updated.json().has("cacheControl")).isFalse();
        assertThat(updated.json().path("metageneration").asText()).isEqualTo("2");
    }

    @Test
    void customTimeOnlyMovesForward() throws IOException {
        wire.multipart("{\"name\":\"a\",\"customTime\":\"2026-01-02T00:00:00Z\"}", "");

        assertThat(wire.patch("a", "{\"customTime\":\"2026-01-01T00:00:00Z\"}").status())
                .isEqualTo(400);
        assertThat(wire.patch("a", "{\"customTime\":null}").status()).isEqualTo(400);
        assertThat(wire.patch("a", "{\"customTime\":\"soon\"}").status()).isEqualTo(400);
        assertThat(wire.patch("a", "{\"customTime\":\"2026-01-03T00:00:00Z\"}").status())
                .isEqualTo(200);
    }

    @Test
    void deleteAnswersWithNothing() throws IOException {
        wire.insert("a", "1");

        Got deleted = wire.delete("a");

        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();
        assertThat(wire.delete("a").status()).isEqualTo(404);
    }

    @Test
    void deleteIsBoundToGenerationAndMetageneration() throws IOException {
        long generation = wire.insert("a", "1").generation();

        assertThat(wire.delete("a", "ifGenerationMatch=" + (generation - 1)).status())
                .isEqualTo(412);
        assertThat(wire.delete("a", "ifGenerationMatch=0").status()).isEqualTo(412);
        assertThat(wire.delete("a", "ifGenerationNotMatch=" + generation).status())
                .isEqualTo(412);
        assertThat(wire.delete("a", "ifMetagenerationMatch=2").status()).isEqualTo(412);
        assertThat(wire.delete("a", "ifMetagenerationNotMatch=1").status()).isEqualTo(412);
        assertThat(wire.delete("a", "generation=" + (generation - 1)).status()).isEqualTo(404);
        assertThat(wire.show("a").status()).isEqualTo(200);
        assertThat(wire.delete("a", "ifGenerationMatch=" + generation).status()).isEqualTo(204);
        assertThat(wire.delete("a", "ifGenerationMatch=" + generation).status()).isEqualTo(404);
    }

    @Test
    void heldObjectsStay() throws IOException {
        wire.insert("a", "1");
        wire.patch("a", "{\"temporaryHold\":true}");

        assertThat(wire.delete("a").status()).isEqualTo(403);
        assertThat(wire.insert("a", "2").status()).isEqualTo(403);

        wire.patch("a", "{\"temporaryHold\":false}");

        assertThat(wire.delete("a").status()).isEqualTo(204);
    }
}
