/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a finished run prints: for people, and a last line for programs. */
final class Report {
    private final PrintStream out;
    private final Path data;
    private final FileTree tree;
    private Summary summary = new Summary();

    Report(PrintStream out, Path data, FileTree tree) {
        this.out = out;
        this.data = data;
        this.tree = tree;
    }

    void summary(Summary result) {
        summary = result;
    }

    /** {@return whether every file was indexed} */
    boolean print(Duration took) throws IOException {
        double seconds = took.toMillis() / 1000.0;
        summary.table().forEach(out::println);
        out.println();
        tree.unreadable().forEach(path -> out.println("left out, because it cannot be read: " + path));
        summary.failures().forEach(failure -> out.println("failed: " + failure));
        out.printf(
                Locale.ROOT,
                "%,d files: %,d done earlier, %,d done in this run, %,d failed; %.1f s%n",
                tree.files().size(),
                summary.completedEarlier(),
                summary.completed() - summary.completedEarlier(),
                summary.failed(),
                seconds);
        whereToLook();
        out.printf(
                Locale.ROOT,
                "{\"files\": %d, \"completed\": %d, \"failed\": %d, \"seconds\": %.3f}%n",
                tree.files().size(),
                summary.completed(),
                summary.failed(),
                seconds);
        out.flush();
        return summary.failed() == 0;
    }

    /** Everything is a JSON file; these are three of them. */
    private void whereToLook() throws IOException {
        if (tree.files().isEmpty()) {
            return;
        }
        String record = tree.files().get(0).taskId() + ".json";
        out.println("everything is kept as JSON, for example:");
        out.println("  task    " + data.resolve("tasks").resolve(record));
        out.println("  result  " + data.resolve("results").resolve(record));
        newestEvents().ifPresent(file -> out.println("  events  " + file));
    }

    private Optional<Path> newestEvents() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("events"))) {
            return files.max(Comparator.naturalOrder());
        }
    }
}
