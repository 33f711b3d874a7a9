/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.omniq.backend.file.FileBackend;
import io.omniq.examples.Printed;
import io.omniq.model.TaskResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Runs the program in this process, and sees which files it opened. */
final class Indexing implements FileOpener {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path root;
    private final Path data;
    final ConcurrentLinkedQueue<Path> opened = new ConcurrentLinkedQueue<>();

    /** What a run left: its exit status and what it printed. */
    record Run(int status, List<String> out, List<String> err) {
        /** The last line of the output, which is for programs. */
        JsonNode json() throws IOException {
            return JSON.readTree(out.get(out.size() - 1));
        }

        void requireCounts(int files, int completed, int failed) throws IOException {
            JsonNode json = json();
            if (json.get("files").asInt() != files
                    || json.get("completed").asInt() != completed
                    || json.get("failed").asInt() != failed) {
                throw new AssertionError("unexpected counts: " + this);
            }
        }
    }

    Indexing(Path root, Path data) {
        this.root = root;
        this.data = data;
    }

    Run run(String... more) {
        return runWith(this, more);
    }

    Run runWith(FileOpener opener, String... more) {
        Printed out = new Printed();
        Printed err = new Printed();
        List<String> arguments = new ArrayList<>(List.of(root.toString(), "--data", data.toString()));
        arguments.addAll(List.of(more));
        int status = new IndexFiles(opener, out.stream(), err.stream()).run(arguments);
        return new Run(status, out.lines(), err.lines());
    }

    @Override
    public InputStream open(Path file) throws IOException {
        opened.add(file);
        return Files.newInputStream(file);
    }

    /** Everything that is recorded. */
    List<TaskResult> results() {
        try (FileBackend backend = FileBackend.at(data)) {
            return backend.resultStorage().listResults(null, Integer.MAX_VALUE, 0);
        }
    }

    List<FileIndex> values() {
        return results().stream()
                .map(result -> JSON.convertValue(result.result(), FileIndex.class))
                .toList();
    }
}
