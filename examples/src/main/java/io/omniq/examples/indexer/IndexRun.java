/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

import io.omniq.OmniQ;
import io.omniq.OmniQException;
import io.omniq.TaskHandle;
import io.omniq.TaskOptions;
import io.omniq.TaskOutcomeException;
import io.omniq.model.TaskResult;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Has files indexed and waits for them. Only so many tasks are waited for at once: enqueueing everything first would hold a
 * handle and a future for each file.
 */
final class IndexRun {
    private static final int WINDOW = 256;

    private final Instant started = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final OmniQ omniq;
    private final FileIndexer indexer;
    private final Progress progress;
    private final Summary summary = new Summary();
    private final Semaphore window = new Semaphore(WINDOW);
    private volatile Throwable stopped;

    IndexRun(OmniQ omniq, FileIndexer indexer, Progress progress) {
        this.omniq = omniq;
        this.indexer = indexer;
        this.progress = progress;
    }

    /**
     * Waits until every file is indexed, or has failed.
     *
     * @throws OmniQException when OmniQ was closed meanwhile, or its store fails
     */
    Summary index(List<FoundFile> files) throws InterruptedException {
        for (FoundFile file : files) {
            window.acquire();
            if (stopped != null) {
                window.release();
                break;
            }
            submit(file);
        }
        window.acquire(WINDOW);
        if (stopped != null) {
            throw new OmniQException("the run was stopped", stopped);
        }
        return summary;
    }

    private void submit(FoundFile file) {
        TaskHandle<FileIndex> handle = enqueue(file);
        Optional<TaskResult> known =
                handle.created() ? Optional.empty() : omniq.resultStorage().get(handle.id());
        if (known.isPresent() && !known.get().isSuccessful()) {
            omniq.taskStorage().deleteTask(handle.id()); // a new run is a new chance
            handle = enqueue(file);
        }
        boolean earlier = known.filter(TaskResult::isSuccessful)
                .filter(result -> result.createdAt().isBefore(started))
                .isPresent();
        handle.result().whenComplete((index, error) -> {
            try {
                ended(file, index, error, earlier);
            } finally {
                window.release();
            }
        });
    }

    private TaskHandle<FileIndex> enqueue(FoundFile file) {
        return omniq.enqueue(indexer::index, file.uri(), TaskOptions.withId(file.taskId()));
    }

    private void ended(FoundFile file, FileIndex index, Throwable error, boolean earlier) {
        if (error == null) {
            summary.completed(index, earlier);
        } else if (error instanceof TaskOutcomeException) {
            summary.failed(file.uri() + ": " + error.getMessage());
        } else {
            stopped = error; // says nothing about the file: the task will run at the next start
            return;
        }
        progress.oneDone();
    }
}
