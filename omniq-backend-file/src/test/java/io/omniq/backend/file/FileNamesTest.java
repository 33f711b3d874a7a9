/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidNameException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            quoteCharacter = '!',
            value = {
                "abc.json|abc.json",
                "099-01j2x_K,a=b.json|099-01j2x_K,a=b.json",
                "with space|with%20space",
                "100%|100%25",
                "%41|%2541",
                "12:30|12%3A30",
                "\"quoted\"|%22quoted%22",
                "back\\slash|back%5Cslash",
                "a+b@c~|a%2Bb%40c%7E",
                ".hidden|%2Ehidden",
                "trailing.|trailing%2E",
                "...|%2E.%2E",
                "trailing |trailing%20",
                "CON|%43ON",
                "nul.json|%6Eul.json",
                "lpt1.a.b|%6Cpt1.a.b",
                "console|console",
                "com10|com10",
                "\u00e9|%C3%A9",
                "\u65e5|%E6%97%A5",
                "\ud83d\ude00|%F0%9F%98%80"
            })
    void namesAreSafeAndReadBack(String segment, String name) {
        assertThat(FileNames.encode(segment)).isEqualTo(name);
        assertThat(FileNames.decode(name)).isEqualTo(segment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".DS_Store",
                ".hidden",
                "note.txt~",
                "#note#",
                "a copy.json",
                "a (1).json",
                "lost+found",
                "CON",
                "aux.txt",
                "dot.",
                "%2e",
                "%41",
                "%",
                "%4",
                "%zz",
                "%C3",
                "%FF",
                "%00",
                "%2F",
                "a%2Fb",
                "%ED%A0%80",
                "\u00e9"
            })
    void otherNamesAreNotOurs(String name) {
        assertThat(FileNames.decode(name)).as("segment of %s", name).isNull();
    }

    @Test
    void everySegmentHasExactlyOneName() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            String segment = segment(random);

            String name = FileNames.encode(segment);

            assertThat(name)
                    .as("name of %s", segment)
                    .matches("[A-Za-z0-9_,=%.-]+")
                    .doesNotMatch("\\..*|.*\\.");
            assertThat(FileNames.decode(name)).as("segment of %s", name).isEqualTo(segment);
        }
    }

    private static String segment(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        int length = 1 + random.nextInt(8);
        while (text.length() < length) {
            int c = random.nextInt(4) == 0 ? random.nextInt(0x20000) : 0x20 + random.nextInt(0x5F);
            boolean usable = c != '/' && !Character.isISOControl(c) && (c < 0xD800 || c > 0xDFFF);
            if (usable) {
                text.appendCodePoint(c);
            }
        }
        String segment = text.toString();
        return segment.equals(".") || segment.equals("..") ? "dots" : segment;
    }

    @Test
    void aNameMayHaveTwoHundredFiftyFiveBytes() {
        assertThat(FileNames.ofKey("a/" + "x".repeat(255))).hasSize(257);
        assertThat(FileNames.ofKey("\u00e9".repeat(42))).hasSize(252);

        assertThatThrownBy(() -> FileNames.ofKey("a/" + "x".repeat(256)))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("bytes=256 limit=255");
        assertThatThrownBy(() -> FileNames.ofKey("\u00e9".repeat(43)))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("bytes=258");
    }
}
