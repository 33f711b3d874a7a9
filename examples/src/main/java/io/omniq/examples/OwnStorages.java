/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.omniq.TaskOptions;
import io.omniq.model.NewTask;
import io.omniq.model.TaskResult;
import io.omniq.storage.Backend;
import io.omniq.storage.Claim;
import io.omniq.storage.MemoryBackend;
import io.omniq.storage.TaskStorage;
import java.time.Duration;
import java.util.List;

/** How do I use the storages directly, with a worker loop of my own? */
public class OwnStorages {
    public static void main(String[] args) {
        try (Backend backend = new MemoryBackend()) {
            TaskStorage tasks = backend.taskStorage();
            NewTask count = NewTask.of("count-letters").withOptions(TaskOptions.inQueue("words"));
            tasks.enqueue(count.withArgs(TextNode.valueOf("storage")));
            tasks.enqueue(count.withArgs(TextNode.valueOf("")));
            System.out.println("waiting: " + tasks.queueSize("words"));

            for (int i = 0; i < 2; i++) {
                Claim claim =
                        tasks.dequeue(List.of("words"), Duration.ofSeconds(30)).orElseThrow();
                String word = claim.task().args().get(0).textValue();
                if (word.isEmpty()) {
                    tasks.fail(claim, new IllegalArgumentException("no word"));
                } else {
                    tasks.complete(claim, IntNode.valueOf(word.length()));
                }
                TaskResult result = backend.resultStorage().get(claim.taskId()).orElseThrow();
                System.out.println(result.status() + ": " + (result.isSuccessful() ? result.result() : result.error()));
            }
            System.out.println("waiting: " + tasks.queueSize("words"));
        }
    }
}
