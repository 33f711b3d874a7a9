/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskOptions;
import io.omniq.model.NewTask;
import io.omniq.model.TaskRecord;
import io.omniq.store.ObjectKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LayoutTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static TaskRecord task(String id, int priority, Duration delay) {
        NewTask request = NewTask.of("f")
                .withOptions(TaskOptions.inQueue("mail").priority(priority).runAt(NOW.plus(delay)));
        return TaskMaker.make(request, id, NOW, TaskMaker.Origin.CALLER);
    }

    private static String entry(String id, int priority, Duration delay) {
        return Layout.entry(task(id, priority, delay));
    }

    @Test
    void keysAreWhereTheProtocolSaysTheyAre() {
        assertThat(Layout.task("a")).isEqualTo("tasks/a.json");
        assertThat(Layout.result("a")).isEqualTo("results/a.json");
        assertThat(Layout.event("a")).isEqualTo("events/a.json");
        assertThat(Layout.schedule("a")).isEqualTo("schedules/a.json");
        assertThat(Layout.worker("a")).isEqualTo("workers/a.json");
        assertThat(entry("a", 0, Duration.ZERO)).isEqualTo("queues/mail/100-a.json");
        assertThat(entry("a", 100, Duration.ZERO)).isEqualTo("queues/mail/000-a.json");
        assertThat(entry("a", -100, Duration.ZERO)).isEqualTo("queues/mail/200-a.json");
        assertThat(entry("a", 7, Duration.ofSeconds(1))).isEqualTo("queues/mail/at-1767225601000-093-a.json");
        assertThat(entry("a", 0, Duration.ofSeconds(-1))).isEqualTo("queues/mail/100-a.json");
    }

    @Test
    void oneListingGivesTheOrderOfWork() {
        List<String> wanted = List.of(
                entry("z", 100, Duration.ZERO),
                entry("a", 5, Duration.ZERO),
                entry("b", 5, Duration.ZERO),
                entry("a", 0, Duration.ZERO),
                entry("a", -100, Duration.ZERO),
                entry("z", 0, Duration.ofSeconds(1)),
                entry("b", 100, Duration.ofSeconds(2)),
                entry("a", 0, Duration.ofSeconds(2)));

        assertThat(wanted).isSortedAccordingTo(ObjectKeys.ORDER);
    }

    @Test
    void whatIsNotDueLiesBehindTheBound() {
        String due = entry("z", -100, Duration.ofMillis(500));
        String notDue = entry("a", 100, Duration.ofMillis(501));
        String bound = Layout.notDue("mail", NOW.plusMillis(500));

        assertThat(ObjectKeys.ORDER.compare(due, bound)).isNegative();
        assertThat(ObjectKeys.ORDER.compare(notDue, bound)).isPositive();
        assertThat(ObjectKeys.ORDER.compare(entry("z", -100, Duration.ZERO), bound))
                .isNegative();
    }

    @Test
    void theTaskOfAnEntryIsFoundInItsKey() {
        Stream.of("a", "100-a", "at-1767225601000-093-a", "01kdvefr0000000000000000za")
                .forEach(id -> {
                    assertThat(Layout.taskOfEntry(entry(id, 3, Duration.ZERO))).isEqualTo(id);
                    assertThat(Layout.taskOfEntry(entry(id, 3, Duration.ofDays(1))))
                            .isEqualTo(id);
                });
    }

    @Test
    void anIdIsFoundInItsKey() {
        assertThat(Layout.id("workers/host.1-2.json")).isEqualTo("host.1-2");
        assertThat(Layout.id("a/b/c")).isEqualTo("c");
    }
}
