/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit.user;

import io.omniq.Task;
import io.omniq.TaskContext;
import io.omniq.TaskSignal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Tasks as a user has them, with a place where a test says what happens while one runs. */
public final class Reports {
    /** What was rendered, in order, as often as it was. */
    final List<String> rendered = new CopyOnWriteArrayList<>();

    volatile Consumer<String> during = customer -> {};

    /** Renders one report. */
    @Task(
            value = "reports.render",
            aliases = "render",
            queue = "reports",
            maxAttempts = 3,
            retryDelay = "PT10S",
            timeout = "PT2M")
    public String render(String customer) {
        rendered.add(customer);
        during.accept(customer);
        return "report of " + customer;
    }

    /** Renders later, on a thread of the test's. */
    @Task("reports.later")
    public CompletionStage<String> later(String customer) {
        CompletableFuture<String> report = new CompletableFuture<>();
        Thread thread = new Thread(() -> report.complete("late report of " + customer));
        thread.start();
        return report;
    }

    /** Does nothing, again and again. */
    @Task("reports.spin")
    public void spin() {
        TaskContext.current().log("spinning");
        throw TaskSignal.snooze(Duration.ZERO);
    }
}
