/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

import io.omniq.CancellationToken;
import io.omniq.Task;
import io.omniq.TaskContext;
import io.omniq.TaskSignal;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The task: reads one file. */
public class FileIndexer {
    static final String QUEUE = "index";

    private static final int BUFFER = 64 << 10;

    private final FileOpener opener;

    FileIndexer(FileOpener opener) {
        this.opener = opener;
    }

    /**
     * Indexes a file. The argument is a URI because it keeps names that the platform's character set cannot show.
     */
    @Task(
            value = "examples.index",
            queue = QUEUE,
            maxAttempts = 3,
            retryDelay = "PT0.2S",
            discardOn = AccessDeniedException.class)
    public FileIndex index(URI file) throws IOException {
        Path path = Path.of(file);
        CancellationToken cancellation = TaskContext.current().cancellation();
        ContentCount count = new ContentCount();
        try (InputStream in = opener.open(path)) {
            byte[] buffer = new byte[BUFFER];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                cancellation.throwIfCancelled();
                count.add(buffer, length);
            }
        } catch (NoSuchFileException e) {
            throw TaskSignal.discard("the file has vanished: file=" + path);
        }
        return count.toIndex(path.toString());
    }
}
