/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every example, and holds examples and README together. */
@Timeout(120)
class ExamplesTest {
    private static final Path MODULE =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final Path SOURCES = MODULE.resolve("src/main/java/io/omniq/examples");

    @Test
    void firstTask() throws Exception {
        assertThat(Printed.by(() -> FirstTask.main(new String[0]))).containsExactly("Hello, world!");
    }

    @Test
    void retriesAndBackoff() throws Exception {
        assertThat(Printed.by(() -> RetriesAndBackoff.main(new String[0])))
                .containsExactly(
                        "a.png after 3 attempts",
                        "b.png after 3 attempts",
                        "ready",
                        "failed for good: no such customer");
    }

    @Test
    void batches() throws Exception {
        assertThat(Printed.by(() -> Batches.main(new String[0])))
                .containsExactly("100 thumbnails", "thumbnail of 99.png", "batches: 2", "ended one by one: true");
    }

    @Test
    void delaysAndPriorities() throws Exception {
        assertThat(Printed.by(() -> DelaysAndPriorities.main(new String[0])))
                .containsSubsequence("1. high priority", "2. the priority of the annotation", "3. low priority")
                // On a machine that stands still for as long as its delay it has its turn among the others.
                .contains("4. delayed")
                .hasSize(4);
    }

    @Test
    void scheduling() throws Exception {
        assertThat(Printed.by(() -> Scheduling.main(new String[0])))
                .containsExactly(
                        "pulse is due: true",
                        "pulse is due: true",
                        "at 02:00, every day, Europe/Berlin",
                        "PAUSED",
                        "a night's report",
                        "3 times ahead");
    }

    @Test
    void asyncFacade() throws Exception {
        assertThat(Printed.by(() -> AsyncFacade.main(new String[0])))
                .containsExactly("Oh, hello!", "sum of squares: 30");
    }

    @Test
    void ownStorages() throws Exception {
        assertThat(Printed.by(() -> OwnStorages.main(new String[0])))
                .containsExactly("waiting: 2", "SUCCESS: 7", "ERROR: no word", "waiting: 0");
    }

    @Test
    void cooperativeCancellation() throws Exception {
        assertThat(Printed.by(() -> CooperativeCancellation.main(new String[0])))
                .contains("REQUESTED", "told to stop: enough primes")
                .endsWith("CANCELLED")
                .hasSize(3);
    }

    @Test
    void events() throws Exception {
        assertThat(Printed.by(() -> Events.main(new String[0])))
                .containsExactly(
                        "enqueued",
                        "dequeued",
                        "executing",
                        "retry (locked: prices.csv)",
                        "dequeued",
                        "executing",
                        "completed",
                        "failed for good: 0");
    }

    @Test
    void mixedBackends() throws Exception {
        assertThat(Printed.by(() -> MixedBackends.main(new String[0])))
                .containsExactly("42", "task kept: true", "result kept: true");
    }

    @Test
    void configuredFromFile() throws Exception {
        String file = MODULE.resolve("omniq.yaml").toString();
        assertThat(Printed.by(() -> ConfiguredFromFile.main(new String[] {file})))
                .containsExactly("workers: 4", "report of c-42");
        assertThat(Path.of("omniq-data", "configured", "tasks")).isDirectory();
    }

    @Test
    void pipeline() throws Exception {
        assertThat(Printed.by(() -> Pipeline.main(new String[0]))).containsExactly("counted", "words: 6");
    }

    @Test
    void deadLetterRedrive() throws Exception {
        assertThat(Printed.by(() -> DeadLetterRedrive.main(new String[0])))
                .containsExactly(
                        "failed for good: the bank is closed", "dead: pay[\"c-42\"]", "c-42 paid", "dead letters: 0");
    }

    @Test
    void uniqueReports() throws Exception {
        assertThat(Printed.by(() -> UniqueReports.main(new String[0])))
                .containsExactly(
                        "created: true false true",
                        "the same task: true",
                        "c-42 because a new month",
                        "created after the end: true");
    }

    @Test
    void deploy() throws Exception {
        assertThat(Printed.by(() -> Deploy.main(new String[0])))
                .containsExactly(
                        "waiting: 2", "MOVED", "offer printed", "still paused: print, a new printer", "letter printed");
    }

    @Test
    void effectsOnce() throws Exception {
        assertThat(Printed.by(() -> EffectsOnce.main(new String[0])))
                .containsExactly(
                        "paid",
                        "receipt: true",
                        "was paid before",
                        "receipt: true",
                        "receipt of a late first attempt: false",
                        "payments: 1");
    }

    static List<Path> examples() throws Exception {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("package-info.java"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleIsSmallAndHasATestOfItsName(Path example) throws Exception {
        String name = example.getFileName().toString().replace(".java", "");
        Class<?> type = Class.forName("io.omniq.examples." + name);

        assertThat(Files.readAllLines(example)).hasSizeLessThan(60);
        assertThat(type.getMethod("main", String[].class)).isNotNull();
        assertThat(ExamplesTest.class.getDeclaredMethods())
                .extracting(Method::getName)
                .contains(name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1));
    }

    @Test
    void theReadmeShowsTheFirstTaskAsItIs() throws Exception {
        Path readme = MODULE.resolveSibling("README.md");
        Assumptions.assumeTrue(Files.exists(readme), "there is no README.md yet");
        String source = Files.readString(SOURCES.resolve("FirstTask.java"));
        String start = "// tag::first[]\n";

        String snippet = source.substring(source.indexOf(start) + start.length(), source.indexOf("// end::first[]"));

        assertThat(Files.readString(readme)).contains(snippet.strip());
    }
}
