/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidNameException;
import io.omniq.store.ObjectKeys;
import io.omniq.store.Write;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every valid key works in every store, and every invalid one is refused before anything is touched. */
abstract class NamesTopic extends StoreTopic {
    private static final List<String> ODD_NAMES = List.of(
            "plain",
            "with space",
            "  spaces around  ",
            "per%cent",
            "%2F",
            "%2e%2e",
            "plus+and&",
            "quotes'\"`",
            "back\\slash",
            "colon:time:12:00",
            "question?mark*star",
            "<less>|pipe",
            "#hash;semi,comma=equals",
            "[brackets]{braces}(parens)",
            "~tilde$dollar!@^",
            ".hidden",
            "dots.in..side",
            "...",
            "trailing.",
            "name.tmp",
            "name.json",
            "name.lock",
            "name~",
            "CON",
            "-rf",
            "Case",
            "case",
            "\u00e9 composed",
            "e\u0301 decomposed",
            "\u65e5\u672c\u8a9e",
            "\u0645\u0631\u062d\u0628\u0627",
            "\ud83d\ude00\ud83d\udc69\u200d\ud83d\udcbb",
            "\uff0f fullwidth slash",
            "\u2028 line separator");

    private static final List<String> REFUSED = List.of(
            "",
            "/",
            "/leading",
            "trailing/",
            "double//slash",
            ".",
            "..",
            "../up",
            "a/../b",
            "a/./b",
            "a/..",
            "nul\0",
            "a\nb",
            "a\rb",
            "tab\tb",
            "del\u007f",
            "c1\u0085",
            "high\ud83d",
            "low\ude00",
            "swapped\ude00\ud83d",
            "x".repeat(ObjectKeys.MAX_BYTES + 1),
            "\u00e9".repeat(ObjectKeys.MAX_BYTES / 2) + "x");

    NamesTopic(ObjectStoreContract contract) {
        super(contract);
    }

    @Test
    void oddNamesAreKept() {
        for (String name : ODD_NAMES) {
            assertUsable("names/" + name);
        }
        List<String> expected = ODD_NAMES.stream()
                .map(name -> "names/" + name)
                .sorted(ObjectKeys.ORDER)
                .toList();

        assertThat(keys("names/")).isEqualTo(expected);
        for (String key : expected) {
            assertThat(text(key)).as("body of %s", key).isEqualTo(key);
        }
    }

    @Test
    void oddNamesMayBeDirectories() {
        for (String name : ODD_NAMES) {
            assertUsable("names/" + name + "/leaf");
        }

        assertThat(keys("names/")).hasSize(ODD_NAMES.size());
    }

    @Test
    void oddNamesMayStandAtTheTop() {
        for (String name : ODD_NAMES) {
            assertUsable(name);
        }

        assertThat(keys(""))
                .containsExactlyElementsOf(
                        ODD_NAMES.stream().sorted(ObjectKeys.ORDER).toList());
    }

    @Test
    void oddNamesCanBeDeleted() {
        for (String name : ODD_NAMES) {
            String key = "names/" + name;
            delete(key, create(key, "x"));
            assertThat(store().get(key)).as("deleted object %s", key).isEmpty();
        }

        assertThat(keys("")).isEmpty();
    }

    @Test
    void aSegmentMayHaveTwoHundredBytes() {
        assertUsable("names/" + "s".repeat(200));
        assertUsable("names/" + "s".repeat(199) + "t");

        assertThat(keys("names/")).hasSize(2);
    }

    @Test
    void aKeyMayHaveTheGreatestLength() {
        String segment = "k".repeat(200) + "/";
        String key = segment.repeat(5) + "e".repeat(ObjectKeys.MAX_BYTES - 5 * 201);

        assertUsable(key);

        assertThat(keys(segment)).containsExactly(key);
    }

    @Test
    void refusedNamesAreNotWritten() {
        for (String key : REFUSED) {
            assertThatThrownBy(() -> store().write(List.of(Write.create(key, bytes("x")))))
                    .as("write of %s", printable(key))
                    .isInstanceOf(InvalidNameException.class);
        }

        assertThat(keys("")).isEmpty();
    }

    @Test
    void refusedNamesAreNotRead() {
        for (String key : REFUSED) {
            assertThatThrownBy(() -> store().get(key))
                    .as("get of %s", printable(key))
                    .isInstanceOf(InvalidNameException.class);
            assertThatThrownBy(() -> store().getAll(List.of("valid", key)))
                    .as("getAll of %s", printable(key))
                    .isInstanceOf(InvalidNameException.class);
        }
    }

    private void assertUsable(String key) {
        create(key, key);
        assertThat(read(key).key()).isEqualTo(key);
        assertThat(listed(key).key()).isEqualTo(key);
    }

    /** Names in messages are cut and escaped: some are long, some are not characters. */
    private static String printable(String key) {
        StringBuilder text = new StringBuilder();
        key.chars().limit(20).forEach(c -> text.append(c > ' ' && c < 127 ? (char) c : '?'));
        return text + " length=" + key.length();
    }
}
