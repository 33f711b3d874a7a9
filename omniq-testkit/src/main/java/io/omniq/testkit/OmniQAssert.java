/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.OmniQ;
import io.omniq.model.TaskRecord;
import io.omniq.storage.TaskQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about the tasks of an OmniQ: all that are stored, whatever became of them. It lists them all, so it is for stores of the
 * size that tests have.
 */
public final class OmniQAssert extends AbstractAssert<OmniQAssert, OmniQ> {
    private static final int PAGE = 1000;

    OmniQAssert(OmniQ actual) {
        super(actual, OmniQAssert.class);
    }

    /**
     * There is such a task.
     *
     * @param name the name it was enqueued by
     * @return assertions about the tasks with this name, of which one must meet them all
     */
    public EnqueuedAssert hasEnqueued(String name) {
        return EnqueuedAssert.named(all(), Objects.requireNonNull(name, "name"));
    }

    /**
     * There is no such task.
     *
     * @param name the name it would have been enqueued by
     * @return this
     */
    public OmniQAssert hasNotEnqueued(String name) {
        return hasEnqueuedTimes(name, 0);
    }

    /**
     * There are so many such tasks.
     *
     * @param name the name they were enqueued by
     * @param times how many
     * @return this
     */
    public OmniQAssert hasEnqueuedTimes(String name, int times) {
        Objects.requireNonNull(name, "name");
        List<TaskRecord> all = all();
        long found = all.stream().filter(task -> task.func().equals(name)).count();
        if (found != times) {
            failWithMessage(
                    "%nExpected %s to be enqueued %s, but it was enqueued %s.%n%s",
                    name, EnqueuedText.times(times), EnqueuedText.times(found), EnqueuedText.of(all));
        }
        return this;
    }

    private List<TaskRecord> all() {
        isNotNull();
        List<TaskRecord> all = new ArrayList<>();
        List<TaskRecord> page;
        do {
            page = actual.taskStorage().listTasks(TaskQuery.all().page(PAGE, all.size()));
            all.addAll(page);
        } while (page.size() == PAGE);
        return all;
    }
}
