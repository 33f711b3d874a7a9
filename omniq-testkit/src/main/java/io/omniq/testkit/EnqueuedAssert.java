/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.model.TaskRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions about tasks with one name: at least one of them must meet all that is asked for. */
public final class EnqueuedAssert extends AbstractAssert<EnqueuedAssert, List<TaskRecord>> {
    private final List<TaskRecord> all;
    private final String asked;

    private EnqueuedAssert(List<TaskRecord> matching, List<TaskRecord> all, String asked) {
        super(matching, EnqueuedAssert.class);
        this.all = all;
        this.asked = asked;
        if (matching.isEmpty()) {
            failWithMessage(
                    "%nExpected to be enqueued: %s%nbut no task is like that.%n%s", asked, EnqueuedText.of(all));
        }
    }

    static EnqueuedAssert named(List<TaskRecord> all, String name) {
        List<TaskRecord> named =
                all.stream().filter(task -> task.func().equals(name)).toList();
        return new EnqueuedAssert(named, all, name);
    }

    /**
     * With these arguments, as JSON: what is written alike is alike.
     *
     * @param arguments the arguments in order
     * @return assertions about the tasks with them
     * @throws IllegalArgumentException when an argument cannot be written as JSON
     */
    public EnqueuedAssert withArguments(@Nullable Object... arguments) {
        List<JsonNode> wanted = Arrays.stream(arguments).map(Written::json).toList();
        return only(task -> task.args().stream().map(Written::json).toList().equals(wanted), "arguments=" + wanted);
    }

    /**
     * In this queue.
     *
     * @param queue the queue
     * @return assertions about the tasks in it
     */
    public EnqueuedAssert inQueue(String queue) {
        return only(task -> task.queueName().equals(queue), "queue=" + queue);
    }

    /**
     * With this priority.
     *
     * @param priority the priority
     * @return assertions about the tasks with it
     */
    public EnqueuedAssert withPriority(int priority) {
        return only(task -> task.priority() == priority, "priority=" + priority);
    }

    /**
     * To start so long after the enqueue, and no earlier.
     *
     * @param delay the delay, compared to the millisecond; zero for at once
     * @return assertions about the tasks with it
     */
    public EnqueuedAssert scheduledIn(Duration delay) {
        return only(task -> EnqueuedText.delay(task).toMillis() == delay.toMillis(), "in=" + delay);
    }

    /**
     * To start at this time, and no earlier.
     *
     * @param time the time, compared to the millisecond
     * @return assertions about the tasks with it
     */
    public EnqueuedAssert scheduledAt(Instant time) {
        return only(
                task -> task.runAt().truncatedTo(ChronoUnit.MILLIS).equals(time.truncatedTo(ChronoUnit.MILLIS)),
                "at=" + time);
    }

    /**
     * So many of them, and no more.
     *
     * @param count how many meet all that was asked for
     * @return this
     */
    public EnqueuedAssert times(int count) {
        if (actual.size() != count) {
            failWithMessage(
                    "%nExpected to be enqueued %s: %s%nbut it was enqueued %s.%n%s",
                    EnqueuedText.times(count), asked, EnqueuedText.times(actual.size()), EnqueuedText.of(all));
        }
        return this;
    }

    private EnqueuedAssert only(Predicate<TaskRecord> predicate, String what) {
        List<TaskRecord> left = new ArrayList<>(actual);
        left.removeIf(predicate.negate());
        return new EnqueuedAssert(left, all, asked + " " + what);
    }
}
