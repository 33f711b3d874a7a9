/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.model.NewTask;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Options that tie a task to others: what is equal, and what is refused. */
class TiedOptionsTest {
    private static final NewTask PLAIN = NewTask.of("ended");

    @Test
    void optionsAreEqualIfAllTheySayIs() {
        List<TaskOptions> all = List.of(
                TaskOptions.none(),
                TaskOptions.none().after("a"),
                TaskOptions.none().after("a", "b"),
                TaskOptions.none().after(DependencyPolicy.CANCEL, "a"),
                TaskOptions.none().unique(Unique.byArguments()),
                TaskOptions.none().onSuccess(PLAIN),
                TaskOptions.none().onFailure(PLAIN),
                TaskOptions.none().onFinish(PLAIN));

        assertThat(Set.copyOf(all)).hasSameSizeAs(all);
        assertThat(TaskOptions.none().after("a", "a"))
                .isEqualTo(TaskOptions.none().after("a"));
        assertThat(TaskOptions.none().onFinish(PLAIN).onSuccess(PLAIN))
                .isEqualTo(TaskOptions.none().onSuccess(PLAIN).onFinish(PLAIN))
                .hasSameHashCodeAs(TaskOptions.none().onSuccess(PLAIN).onFinish(PLAIN));
    }

    @Test
    void rulesAreEqualIfAllTheySayIs() {
        List<Unique> all = List.of(
                Unique.byArguments(),
                Unique.byArguments(0),
                Unique.byArguments(0, 1),
                Unique.byKey("k"),
                Unique.byKey("k").acrossQueues(),
                Unique.byKey("k").period(Duration.ofHours(1)),
                Unique.byKey("k").during(Unique.Scope.ALL));

        assertThat(Set.copyOf(all)).hasSameSizeAs(all);
        assertThat(Unique.byArguments(1, 0, 1)).isEqualTo(Unique.byArguments(0, 1));
        assertThat(Unique.byKey("k").toString()).contains("k");
    }

    @Test
    void boundsAreToldWithTheirValues() {
        String[] many = IntStream.range(0, 101).mapToObj(i -> "t" + i).toArray(String[]::new);
        assertThatThrownBy(() -> TaskOptions.none().after(many))
                .hasMessage("a task can wait for at most 100 tasks: ids=101");
        assertThatThrownBy(() -> TaskOptions.none().after("a/b")).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> Unique.byKey("")).hasMessage("key must not be empty");
        assertThatThrownBy(() -> Unique.byArguments(new int[0]))
                .hasMessage("positions must be at least one, from 0: positions=[]");
        assertThatThrownBy(() -> Unique.byArguments(-1)).hasMessageContaining("positions=[-1]");
        assertThatThrownBy(() -> Unique.byKey("k").period(Duration.ofMillis(999)))
                .hasMessage("period must be at least 1 s: period=PT0.999S");
        assertThat(TaskOptions.none()
                        .after(IntStream.range(0, 100).mapToObj(i -> "t" + i).toArray(String[]::new))
                        .dependencies())
                .hasSize(100);
    }

    @Test
    void aCallbackIsAPlainTask() {
        for (TaskOptions own : List.of(
                TaskOptions.withId("a"),
                TaskOptions.none().unique(Unique.byKey("k")),
                TaskOptions.none().after("a"))) {
            assertThatThrownBy(() -> TaskOptions.none().onFinish(PLAIN.withOptions(own)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a callback cannot have an id, a unique rule or dependencies: callback=ended");
        }
    }

    @Test
    void everyPolicyHasAName() {
        for (DependencyPolicy policy : DependencyPolicy.values()) {
            assertThat(DependencyPolicy.ofWireName(policy.wireName())).isEqualTo(policy);
        }
        assertThatThrownBy(() -> DependencyPolicy.ofWireName("other")).isInstanceOf(IllegalArgumentException.class);
    }
}
