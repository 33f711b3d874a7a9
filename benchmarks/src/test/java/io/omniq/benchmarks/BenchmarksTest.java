/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.benchmarks.cost.CostBenchmark;
import io.omniq.benchmarks.latency.LatencyBenchmark;
import io.omniq.benchmarks.peers.PeersBenchmark;
import io.omniq.benchmarks.plot.Plot;
import io.omniq.benchmarks.scale.ScaleBenchmark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every benchmark runs and has a line for each system and metric. Nothing here depends on how fast anything is. */
@Tag("benchmark")
class BenchmarksTest {
    private static final List<String> RATES = List.of("enqueue 1 thread", "enqueue 8 threads", "bulk enqueue", "drain");

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    private List<Line> run(String name, Bench.Benchmark benchmark, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("--quick", "--directory", directory.toString()));
        all.addAll(List.of(words));
        Report report = new Report(name, new PrintStream(printed, true, StandardCharsets.UTF_8));
        benchmark.run(Options.of(all), report);
        report.finish();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.filter(Files::isDirectory))
                    .as("what is left behind")
                    .isEmpty();
        }
        return report.lines();
    }

    private static Set<List<String>> pairs(List<Line> lines) {
        return lines.stream()
                .map(line -> List.of(line.system().replaceAll(" .*", ""), line.store(), line.metric()))
                .collect(Collectors.toSet());
    }

    @Test
    void peersHaveARateForEachSystemOfEveryKindOfStore() throws Exception {
        List<Line> lines =
                run("peers", PeersBenchmark::run, "--only", "enqueue|drain", "--systems", "memory|sqlite$|file$");

        List<List<String>> systems = List.of(
                List.of("OmniQ", "memory"),
                List.of("db-scheduler", "H2 2.5, in memory"),
                List.of("JobRunr", "memory"),
                List.of("Quartz", "memory"),
                List.of("OmniQ", "directory"),
                List.of("db-scheduler", "SQLite 3.54 WAL, NORMAL"),
                List.of("JobRunr", "SQLite 3.54 WAL, NORMAL"),
                List.of("Quartz", "SQLite 3.54 WAL, NORMAL"));
        Set<List<String>> expected = systems.stream()
                .flatMap(system -> RATES.stream().map(rate -> List.of(system.get(0), system.get(1), rate)))
                .collect(Collectors.toSet());
        assertThat(pairs(lines)).isEqualTo(expected);
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.value()).as(line.toString()).isPositive();
            assertThat(line.durability()).isNotBlank();
            assertThat(line.settings()).isNotBlank();
        });
    }

    @Test
    void peersAreKilledAndLoseNothingOfWhatTheyKeep() throws Exception {
        List<Line> lines =
                run("peers", PeersBenchmark::run, "--only", "lost|recovery|idle", "--systems", "omniq-file$");

        assertThat(lines).extracting(Line::metric).containsExactlyInAnyOrder("lost by kill -9", "idle CPU", "recovery");
        Line lost = lines.stream()
                .filter(line -> line.metric().startsWith("lost"))
                .findFirst()
                .orElseThrow();
        assertThat(lost.value()).isZero();
        assertThat(lost.n()).as("acknowledged").isPositive();
    }

    @Test
    void peersStartTasksHereAndInAnotherProcess() throws Exception {
        List<Line> lines =
                run("peers", PeersBenchmark::run, "--only", "start latency|other process", "--systems", "omniq-file$");

        assertThat(lines)
                .extracting(Line::metric)
                .containsExactly("start latency p50", "start latency p99", "other process p50", "other process p99");
    }

    @Test
    void costsAreCountedInMemoryAndOnTheEmulator() throws Exception {
        List<Line> lines = run("cost", CostBenchmark::run, "--most", "1000");

        assertThat(lines)
                .filteredOn(line ->
                        line.system().equals("ten at once") && line.metric().equals("class A"))
                .singleElement()
                .satisfies(line -> assertThat(line.value()).isBetween(0.0, 4.5));
        assertThat(lines)
                .filteredOn(line -> line.system().equals("born claimed, a stream")
                        && line.metric().equals("class A"))
                .singleElement()
                .satisfies(line -> assertThat(line.value()).isBetween(3.0, 3.2));
        assertThat(lines)
                .filteredOn(line -> line.metric().equals("idle hour, class A"))
                .singleElement()
                .satisfies(line -> assertThat(line.value()).isBetween(1.0, 1_010.0));
        assertThat(lines).extracting(Line::store).contains("memory, counted", "GCS emulator");
    }

    @Test
    void slowStoresHaveAThroughputForEachLoad() throws Exception {
        List<Line> lines = run("latency", LatencyBenchmark::run, "--only", "16 producers, (16|10) slots");

        assertThat(lines)
                .filteredOn(line -> line.metric().equals("throughput"))
                .allSatisfy(line -> assertThat(line.value()).isPositive())
                .extracting(Line::system)
                .containsExactly("OmniQ, 16 producers, 16 slots", "OmniQ, 16 producers, 10 slots, batches of 100");
    }

    @Test
    void scalesOverProcessesAndDepths() throws Exception {
        List<Line> lines = run("scale", ScaleBenchmark::run, "--most", "1000");

        assertThat(lines)
                .extracting(Line::system)
                .contains("OmniQ, processes: 1", "OmniQ, processes: 4", "OmniQ, 1,000 waiting");
        assertThat(lines).extracting(Line::metric).contains("whole life", "fill", "heap");
    }

    @Test
    void pictureAndTableAreMadeOfThePrintedLines() throws Exception {
        Report report = new Report("peers", new PrintStream(printed, true, StandardCharsets.UTF_8));
        report.add(new Subject("OmniQ", "directory", "kill -9", "as it comes"), "drain", "tasks/s", 123456.7, 3);
        report.add(new Subject("Other <1>", "disk", "kill -9", "tuned"), "drain", "tasks/s", 12.5, 3);
        report.finish();
        Path lines = Files.write(directory.resolve("lines.jsonl"), printed.toByteArray());

        Plot.run(lines, directory.resolve("pictures"), new PrintStream(printed, true, StandardCharsets.UTF_8));

        String svg = Files.readString(directory.resolve("pictures/peers-drain-tasks-s.svg"));
        assertThat(svg).contains("OmniQ · directory", "Other &lt;1> · disk", "123,500", "12.5", "logarithmic");
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("{\"benchmark\":\"peers\",\"system\":\"OmniQ\",\"store\":\"directory\",\"metric\":\"drain\","
                        + "\"unit\":\"tasks/s\",\"value\":123500.0,\"n\":3,")
                .containsPattern("\\| OmniQ +\\| directory +\\| kill -9 +\\| 123,500");
    }

    @Test
    void refusesWhatItDoesNotKnow() throws IOException {
        assertThatThrownBy(() -> Options.of(List.of("--fast")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("option=--fast");
        assertThatThrownBy(() -> Options.of(List.of("--most", "1")))
                .hasMessageContaining("--most must be 10 to 10000000: --most=1");
        assertThatThrownBy(() -> Options.of(List.of("--systems", "(")))
                .hasMessageContaining("--systems must be a regular expression");
        assertThatThrownBy(() -> run("peers", PeersBenchmark::run, "--systems", "oracle"))
                .hasMessageContaining("no system has such a name: --systems=oracle");
    }

    @Test
    void mediansAndPercentilesAreThoseOfTheBook() {
        assertThat(Numbers.median(List.of(3.0, 1.0, 2.0))).isEqualTo(2.0);
        assertThat(Numbers.median(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
        assertThat(Numbers.percentile(List.of(4.0, 1.0, 2.0, 3.0), 0.5)).isEqualTo(2.0);
        assertThat(Numbers.percentile(List.of(4.0, 1.0, 2.0, 3.0), 0.99)).isEqualTo(4.0);
        assertThatThrownBy(() -> Numbers.median(List.of())).hasMessage("nothing was measured");
    }
}
