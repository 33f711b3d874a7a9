/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskHandle;
import io.omniq.backend.file.FileBackend;
import java.nio.file.Path;
import java.time.Duration;

/** How do I run my first task? */
// tag::first[]
public class FirstTask {
    @Task("greetings.greet")
    public String greet(String name) {
        return "Hello, " + name + "!";
    }

    public static void main(String[] args) {
        FirstTask tasks = new FirstTask();
        FileBackend backend = FileBackend.at(Path.of("omniq-data"));
        try (OmniQ omniq = OmniQ.builder().backend(backend).register(tasks).build()) {
            omniq.start();
            TaskHandle<String> handle = omniq.enqueue(tasks::greet, "world");
            System.out.println(handle.await(Duration.ofSeconds(30)));
        }
    }
}
// end::first[]
