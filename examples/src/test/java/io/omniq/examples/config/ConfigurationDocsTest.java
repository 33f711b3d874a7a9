/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.config.OmniQConfig;
import io.omniq.config.Setting;
import io.omniq.storage.BackendAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page about configuration is what the table of settings says, and its examples are read. */
class ConfigurationDocsTest {
    private static final Path DOCS =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling("docs");
    private static final Pattern OPTION = Pattern.compile("(?m)^\\| `(\\w+)` \\| `(\\w+)` \\|");
    private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final Pattern VARIABLE = Pattern.compile("`(OMNIQ_\\w+)`");

    @TempDir
    Path directory;

    private static String page(String name) throws IOException {
        return Files.readString(DOCS.resolve(name)).replace("\r\n", "\n");
    }

    /** To change the page, change the table, and copy what this test expects. */
    @Test
    void theTableOfThePageIsTheTableOfTheCode() throws IOException {
        String page = page("reference/configuration.md");
        String table = page.substring(page.indexOf("| key |"), page.indexOf("\n\n", page.indexOf("| key |")));

        assertThat(table.lines().skip(2).toList())
                .containsExactlyElementsOf(
                        Setting.all().stream().map(ConfigurationDocsTest::row).toList());
    }

    private static String row(Setting<?> setting) {
        String variables =
                setting.variables().stream().map(name -> "`" + name + "`").collect(Collectors.joining(", also "));
        return "| `" + setting.key() + "` | " + variables + " | " + setting.effect() + " | " + setting.expectation()
                + " | " + setting.byDefault().map(ConfigurationDocsTest::text).orElse("none") + " |";
    }

    private static String text(Object value) {
        if (value instanceof Collection || value instanceof Map) {
            assertThat(value).asString().hasSize(2);
            return "none";
        }
        return "`" + (value instanceof Enum<?> word ? word.name().toLowerCase(Locale.ROOT) : value) + "`";
    }

    @Test
    void theOptionsOfThePageAreThoseOfTheProviders() throws IOException {
        List<MatchResult> rows =
                OPTION.matcher(page("reference/configuration.md")).results().toList();

        for (String type : List.of("file", "gcs")) {
            assertThat(rows.stream()
                            .filter(row -> row.group(1).equals(type))
                            .map(row -> row.group(2))
                            .toList())
                    .containsExactlyElementsOf(
                            new TreeSet<>(BackendAddress.of(type, "").provider().options()));
        }
        assertThat(BackendAddress.of("memory:").provider().options()).isEmpty();
    }

    @Test
    void theExamplesOfTheGuideAreRead() throws IOException {
        int files = 0;
        for (MatchResult block :
                FENCE.matcher(page("guide/configuration.md")).results().toList()) {
            if (List.of("yaml", "properties").contains(block.group(1))) {
                Path file = Files.writeString(directory.resolve("omniq." + block.group(1)), block.group(2));
                assertThat(OmniQConfig.builder().file(file).build())
                        .isNotEqualTo(OmniQConfig.builder().build());
                files++;
            }
        }
        assertThat(files).isEqualTo(3);
    }

    /** Each variable of the original is either a setting's, or named among those that are refused. */
    @Test
    void everyVariableOfTheMapIsKnownOrRefused() throws IOException {
        List<String> known = Setting.all().stream()
                .flatMap(setting -> setting.variables().stream())
                .toList();
        String original = page("reference/original.md");
        String section = original.substring(original.indexOf("## Configuration and environment"));

        for (MatchResult row : Pattern.compile("(?m)^\\|(.*?)\\|(.*)\\|$")
                .matcher(section)
                .results()
                .toList()) {
            for (MatchResult variable : VARIABLE.matcher(row.group(1)).results().toList()) {
                assertThat(known.contains(variable.group(1)))
                        .as(variable.group(1))
                        .isEqualTo(!row.group(2).contains("**refused**"));
            }
        }
        assertThat(VARIABLE.matcher(section)
                        .results()
                        .map(result -> result.group(1))
                        .distinct())
                .hasSizeGreaterThan(25);
    }
}
