/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

import io.omniq.OmniQ;
import io.omniq.OmniQException;
import io.omniq.backend.file.FileBackend;
import io.omniq.config.WorkerConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/**
 * Indexes the files of a directory: one task per file, run by workers in this process. Every result is kept, so the next run
 * goes on where this one was stopped or killed, and has nothing to do for files that have not changed since.
 */
public final class IndexFiles {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final int INTERRUPTED = 130;

    private final FileOpener opener;
    private final PrintStream out;
    private final PrintStream err;

    IndexFiles(FileOpener opener, PrintStream out, PrintStream err) {
        this.opener = opener;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        System.exit(new IndexFiles(Files::newInputStream, System.out, System.err).run(List.of(args)));
    }

    /** {@return the exit status} */
    int run(List<String> arguments) {
        if (arguments.contains("--help")) {
            out.println(IndexOptions.USAGE);
            return DONE;
        }
        IndexOptions options;
        try {
            options = IndexOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            err.println("error: " + e.getMessage());
            err.println(IndexOptions.USAGE);
            return MISUSED;
        }
        try {
            return run(options);
        } catch (OmniQException | IOException e) {
            err.println("error: " + e);
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return INTERRUPTED;
        }
    }

    private int run(IndexOptions options) throws IOException, InterruptedException {
        long start = System.nanoTime();
        FileTree tree = FileTree.scan(options.directory(), options.data());
        Progress progress = new Progress(err, options.bar(), tree.files().size());
        FileIndexer indexer = new FileIndexer(opener);
        Report report = new Report(out, options.data(), tree);
        try (OmniQ omniq = open(options, indexer);
                StopHook hook = new StopHook(() -> stop(omniq, progress))) {
            try {
                IndexRun run = new IndexRun(omniq, indexer, progress);
                omniq.start();
                report.summary(run.index(tree.files()));
            } catch (OmniQException | IllegalStateException e) {
                if (hook.isStopping()) {
                    return INTERRUPTED; // what fails while OmniQ is being closed is no news
                }
                throw e;
            }
        }
        return report.print(Duration.ofNanos(System.nanoTime() - start)) ? DONE : FAILED;
    }

    private static OmniQ open(IndexOptions options, FileIndexer indexer) {
        return OmniQ.builder()
                .backend(FileBackend.at(options.data()))
                .register(indexer)
                .resultTtl(Duration.ofDays(90), Duration.ofDays(90))
                .worker(WorkerConfig.builder()
                        .queues(FileIndexer.QUEUE)
                        .slots(options.workers())
                        // A killed run's tasks come back within seconds, and a stopped run ends at once.
                        .heartbeat(Duration.ofSeconds(1), Duration.ofSeconds(3))
                        .shutdown(Duration.ofMillis(500), Duration.ofSeconds(1))
                        .build())
                .build();
    }

    private void stop(OmniQ omniq, Progress progress) {
        omniq.close();
        err.println();
        err.println("stopped after " + progress + "; the same command goes on from there");
    }
}
