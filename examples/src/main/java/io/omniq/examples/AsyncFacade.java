/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskHandle;
import io.omniq.storage.MemoryBackend;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** How do I use OmniQ without blocking a thread, before and inside a task? */
public class AsyncFacade {
    @Task("square")
    public int square(int number) {
        return number * number;
    }

    /** A task may return a future; it ends when the future does. */
    @Task("exclaim")
    public CompletionStage<String> exclaim(String word) {
        return CompletableFuture.supplyAsync(() -> "Oh, " + word + "!");
    }

    public static void main(String[] args) {
        AsyncFacade tasks = new AsyncFacade();
        try (OmniQ omniq =
                OmniQ.builder().backend(new MemoryBackend()).register(tasks).build()) {
            omniq.start();

            omniq.async()
                    .enqueue(tasks::exclaim, "hello")
                    .thenCompose(TaskHandle::result)
                    .thenAccept(System.out::println)
                    .join(); // only because this program ends here

            List<CompletableFuture<Integer>> squares = Stream.of(1, 2, 3, 4)
                    .map(number -> omniq.async().enqueue(tasks::square, number).thenCompose(TaskHandle::result))
                    .toList();
            CompletableFuture.allOf(squares.toArray(CompletableFuture[]::new)).join();
            System.out.println("sum of squares: "
                    + squares.stream().mapToInt(CompletableFuture::join).sum());
        }
    }
}
