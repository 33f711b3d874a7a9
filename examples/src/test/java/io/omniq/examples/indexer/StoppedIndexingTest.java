/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.backend.file.FileBackend;
import io.omniq.model.TaskResult;
import io.omniq.store.ListRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run that ends before its time, and the next one. */
@Timeout(120)
class StoppedIndexingTest {
    private static final int FILES = 400;
    private static final Duration TWO_HEARTBEATS = Duration.ofSeconds(2);

    @TempDir
    private Path temp;

    private Path data;
    private Indexing indexing;
    private Process process;
    private BufferedReader output;

    /** Starts a process and waits until it has done some files and is stuck in the middle of others. */
    @BeforeEach
    void blockInTheMiddle() throws IOException {
        Tree tree = new Tree(Files.createDirectory(temp.toRealPath().resolve("tree")));
        tree.writeMany(FILES);
        data = temp.resolve("data");
        indexing = new Indexing(tree.root(), data);
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        BlockedIndexing.class.getName(),
                        tree.root().toString(),
                        "--data",
                        data.toString(),
                        "--workers",
                        "4")
                .redirectErrorStream(true)
                .start();
        output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        while (line != null && !line.equals(BlockedIndexing.BLOCKED)) {
            line = output.readLine();
        }
        assertThat(line).isEqualTo(BlockedIndexing.BLOCKED);
    }

    @AfterEach
    void endProcess() {
        process.destroyForcibly();
    }

    @Test
    void aKilledRunIsContinued() throws Exception {
        assertThat(process.destroyForcibly().waitFor(30, TimeUnit.SECONDS)).isTrue();
        int before = indexing.results().size();
        assertThat(before).isBetween(1, FILES - 1);

        continueAfter(before);
    }

    @Test
    void anInterruptedRunStopsAtOnceAndIsContinued() throws Exception {
        process.toHandle().destroy(); // unlike the process's own method, leaves its output open

        String rest = output.lines().collect(Collectors.joining("\n"));
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(rest).contains("stopped after").doesNotContain("Exception", "{");
        assertThat(process.exitValue()).isEqualTo(143);
        int before = indexing.results().size();
        assertThat(before).isBetween(1, FILES - 1);
        try (FileBackend backend = FileBackend.at(data)) {
            // Of a session that was lost, because the machine stood still for longer than its lease, the last heartbeat
            // stays.
            Instant recently = backend.store().now().minus(TWO_HEARTBEATS);
            assertThat(backend.store().list(ListRequest.of("workers/")).objects())
                    .noneMatch(heartbeat -> heartbeat.updated().isAfter(recently));
        }

        continueAfter(before);
    }

    private void continueAfter(int before) throws IOException {
        Indexing.Run run = indexing.run();

        run.requireCounts(FILES, FILES, 0);
        String counts = FILES + " files: " + before + " done earlier, " + (FILES - before) + " done in this run, ";
        assertThat(run.out()).anyMatch(line -> line.startsWith(counts));
        List<TaskResult> results = indexing.results();
        assertThat(results).hasSize(FILES).allMatch(TaskResult::isSuccessful);
        assertThat(indexing.values()).extracting(FileIndex::path).doesNotHaveDuplicates();
        // One that was begun when the machine stood still for longer than a lease is begun again.
        assertThat(Set.copyOf(indexing.opened)).hasSize(FILES - before);
    }
}
