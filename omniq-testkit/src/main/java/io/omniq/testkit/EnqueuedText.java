/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.model.TaskRecord;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How tasks are shown when an assertion fails. */
final class EnqueuedText {
    private static final int MOST = 50;
    private static final int LONGEST = 200;

    private EnqueuedText() {}

    static String times(long count) {
        return count == 0 ? "never" : count == 1 ? "once" : count + " times";
    }

    static String of(List<TaskRecord> tasks) {
        if (tasks.isEmpty()) {
            return "Nothing was enqueued.";
        }
        String lines = tasks.stream().limit(MOST).map(EnqueuedText::line).collect(Collectors.joining());
        String more = tasks.size() > MOST ? "%n  and %d more".formatted(tasks.size() - MOST) : "";
        return "Enqueued:" + lines + more;
    }

    private static String line(TaskRecord task) {
        String args = task.args().toString();
        return "%n  %s%s%s queue=%s priority=%d in=%s status=%s id=%s"
                .formatted(
                        task.func(),
                        args.length() > LONGEST ? args.substring(0, LONGEST) + "..." : args,
                        task.kwargs().isEmpty() ? "" : task.kwargs(),
                        task.queueName(),
                        task.priority(),
                        delay(task),
                        task.status().name().toLowerCase(Locale.ROOT),
                        task.id());
    }

    /** How long after its enqueue the task may start. */
    static Duration delay(TaskRecord task) {
        Duration delay = Duration.between(task.createdAt(), task.runAt());
        return delay.isNegative() ? Duration.ZERO : delay;
    }
}
