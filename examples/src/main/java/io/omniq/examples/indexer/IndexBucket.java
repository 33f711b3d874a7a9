/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

import io.omniq.OmniQ;
import io.omniq.TaskHandle;
import io.omniq.TaskOptions;
import io.omniq.backend.gcs.GcsBackend;
import io.omniq.backend.gcs.GcsMetrics;
import io.omniq.gcs.emulator.GcsEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The indexer with its tasks in a bucket. Without a bucket's name an emulator in this process stands in for Google, and needs no
 * credentials; with one, the bucket and the environment's credentials are used.
 */
public final class IndexBucket {
    private static final Duration AT_MOST = Duration.ofMinutes(5);

    private IndexBucket() {}

    /**
     * Indexes the files below a directory.
     *
     * @param args the directory, by default the current one; and a bucket
     * @throws IOException when the directory cannot be read
     */
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args.length > 0 ? args[0] : ".");
        if (args.length > 1) {
            index(root, GcsBackend.of(args[1], "omniq-index/"));
            return;
        }
        try (GcsEmulator emulator = GcsEmulator.builder().bucket("local").start()) {
            index(
                    root,
                    GcsBackend.builder("local").endpoint(emulator.endpoint()).build());
        }
    }

    private static void index(Path root, GcsBackend backend) throws IOException {
        FileIndexer indexer = new FileIndexer(Files::newInputStream);
        Map<FoundFile, TaskHandle<FileIndex>> handles = new LinkedHashMap<>();
        long lines = 0;
        try (backend;
                OmniQ omniq = OmniQ.builder().backend(backend).register(indexer).build()) {
            omniq.start();
            for (FoundFile file :
                    FileTree.scan(root, root.resolve("omniq-data")).files()) {
                handles.put(file, omniq.enqueue(indexer::index, file.uri(), TaskOptions.withId(file.taskId())));
            }
            for (TaskHandle<FileIndex> handle : handles.values()) {
                lines += handle.await(AT_MOST).lines();
            }
            GcsMetrics sent = backend.metrics();
            System.out.println("files=" + handles.size() + " lines=" + lines);
            System.out.println("billed: class A=" + sent.classA() + " class B=" + sent.classB());
        }
    }
}
