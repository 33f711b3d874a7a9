/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.gcs.emulator.Wire.Got;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListTest {
    private final GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
    private final Wire wire = new Wire(emulator);

    @AfterEach
    void close() {
        emulator.close();
    }

    private void insert(String... names) throws IOException {
        for (String name : names) {
            wire.insert(name, name);
        }
    }

    @Test
    void anEmptyListingHasNoItems() throws IOException {
        assertThat(wire.list().text()).isEqualTo("{\"kind\":\"storage#objects\"}");
        assertThat(wire.send("GET", "/storage/v1/b/none/o").status()).isEqualTo(404);
    }

    @Test
    void namesComeInTheOrderOfTheirUtf8Bytes() throws IOException {
        insert("b", "😀", "\uFFFD", "a", "é", "Z", "aa", "\uE000");

        assertThat(wire.list().names()).containsExactly("Z", "a", "aa", "b", "é", "\uE000", "\uFFFD", "😀");
    }

    @Test
    void itemsCarryWhatAQueueNeedsWithoutAGet() throws IOException {
        wire.multipart("{\"name\":\"a\",\"metadata\":{\"k\":\"v\"},\"customTime\":\"2026-01-02T00:00:00Z\"}", "x");

        Got list = wire.list();

        assertThat(list.json().at("/items/0/metadata/k").asText()).isEqualTo("v");
        assertThat(list.json().at("/items/0/customTime").asText()).startsWith("2026-01-02");
        assertThat(list.json().at("/items/0")).isEqualTo(wire.show("a").json());
    }

    @Test
    void prefixAndOffsetsLimitTheNames() throws IOException {
        insert("a", "b/1", "b/2", "b/3", "c");

        assertThat(wire.list("prefix=b/").names()).containsExactly("b/1", "b/2", "b/3");
        assertThat(wire.list("startOffset=b/2").names()).containsExactly("b/2", "b/3", "c");
        assertThat(wire.list("endOffset=b/2").names()).containsExactly("a", "b/1");
        assertThat(wire.list("startOffset=b/2", "endOffset=c").names()).containsExactly("b/2", "b/3");
        assertThat(wire.list("prefix=b/", "startOffset=b/2", "endOffset=b/3").names())
                .containsExactly("b/2");
        assertThat(wire.list("prefix=b/", "startOffset=a").names()).hasSize(3);
        assertThat(wire.list("prefix=x").names()).isEmpty();
        assertThat(wire.list("startOffset=c", "endOffset=a").names()).isEmpty();
    }

    @Test
    void delimiterFoldsNames() throws IOException {
        insert("a", "d/1", "d/2", "d/e/3", "f/4");

        Got root = wire.list("delimiter=/");
        Got folder = wire.list("delimiter=/", "prefix=d/");

        assertThat(root.names()).containsExactly("a");
        assertThat(root.json().path("prefixes").toString()).isEqualTo("[\"d/\",\"f/\"]");
        assertThat(folder.names()).containsExactly("d/1", "d/2");
        assertThat(folder.json().path("prefixes").toString()).isEqualTo("[\"d/e/\"]");
    }

    @Test
    void pagesTogetherAreTheListing() throws IOException {
        List<String> names = new ArrayList<>();
        for (int i = 10; i < 30; i++) {
            names.add("n" + i);
        }
        insert(names.toArray(String[]::new));

        for (int size : new int[] {1, 3, 20, 21}) {
            assertThat(wire.walk("maxResults=" + size)).as("page size %s", size).isEqualTo(names);
        }
        assertThat(wire.list("maxResults=20").json().has("nextPageToken")).isFalse();
        assertThat(wire.list("maxResults=19").json().has("nextPageToken")).isTrue();
    }

    @Test
    void foldersCountOnAPageAndComeOnce() throws IOException {
        insert("a", "d/1", "d/2", "e/1", "f");

        assertThat(wire.walk("delimiter=/", "maxResults=1")).containsExactly("a", "d/", "e/", "f");
        assertThat(wire.walk("delimiter=/", "maxResults=2")).containsExactly("d/", "a", "e/", "f");
    }

    @Test
    void pagesAreNoSnapshot() throws IOException {
        insert("a", "c", "e");
        String token = wire.list("maxResults=2").json().path("nextPageToken").asText();
        insert("b", "c", "d");
        wire.delete("e");

        assertThat(wire.list("pageToken=" + Wire.encode(token)).names()).containsExactly("d");
    }

    @Test
    void strangePageTokensAreRefused() throws IOException {
        assertThat(wire.list("pageToken=!").status()).isEqualTo(400);
        assertThat(wire.list("pageToken=AAAA").status()).isEqualTo(400);
        assertThat(wire.list("maxResults=-1").status()).isEqualTo(400);
    }

    @Test
    void globsMatchWithinAndAcrossFolders() throws IOException {
        insert("a/1.txt", "a/2.txt", "a/b/3.txt", "c-d");

        assertThat(wire.list("matchGlob=a/*.txt").names()).containsExactly("a/1.txt", "a/2.txt");
        assertThat(wire.list("matchGlob=" + Wire.encode("a/**.txt")).names()).hasSize(3);
        assertThat(wire.list("matchGlob=" + Wire.encode("a/[!1].txt")).names()).containsExactly("a/2.txt");
        assertThat(wire.list("matchGlob=" + Wire.encode("{a/1.txt,c?d}")).names())
                .containsExactly("a/1.txt", "c-d");
    }

    @Test
    void thePageSizeOfTheServerWins() throws IOException {
        try (GcsEmulator small = GcsEmulator.builder().bucket("b").pageSize(1).start()) {
            Wire other = new Wire(small);
            other.insert("a", "");
            other.insert("b", "");

            assertThat(other.list("maxResults=100").names()).containsExactly("a");
            assertThat(other.walk()).containsExactly("a", "b");
        }
    }
}
