/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskHandle;
import io.omniq.storage.MemoryBackend;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** How do I enqueue many small tasks for the price of a few? */
public class Batches {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Task("images.resize")
    public String resize(String file) {
        return "thumbnail of " + file;
    }

    public static void main(String[] args) {
        Batches images = new Batches();
        try (OmniQ omniq =
                OmniQ.builder().backend(new MemoryBackend()).register(images).build()) {
            omniq.start();
            List<String> files =
                    IntStream.range(0, 100).mapToObj(i -> i + ".png").toList();

            List<TaskHandle<String>> handles = omniq.enqueueAll(images::resize, files);

            List<String> thumbnails =
                    handles.stream().map(handle -> handle.await(SOON)).toList();
            System.out.println(thumbnails.size() + " thumbnails");
            System.out.println(thumbnails.get(99));
            System.out.println("batches: "
                    + handles.stream().map(Batches::batch).distinct().count());
            System.out.println("ended one by one: " + handles.get(0).outcome().isPresent());
        }
    }

    /** What stands before the point of a task's id. */
    private static String batch(TaskHandle<?> handle) {
        return handle.id().substring(0, handle.id().indexOf('.'));
    }
}
