/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.storage.MemoryBackend;
import io.omniq.store.ListRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MethodReferencesTest {
    private static final Duration SOON = Duration.ofSeconds(50);

    /** What jobs have in common. */
    public interface Job {
        String work(String what);
    }

    /** A job with tasks to inherit. */
    public abstract static class Base implements Job {
        @Task("base.inherited")
        public String inherited() {
            return "inherited by " + getClass().getSimpleName();
        }

        public String bare(String what) {
            return what;
        }
    }

    /** One job. */
    public static class First extends Base {
        @Task("first.work")
        @Override
        public String work(String what) {
            return "first " + what;
        }

        @Task("first.bare")
        @Override
        public String bare(String what) {
            return "first bare " + what;
        }

        @Task("first.static")
        public static String always(int number) {
            return "static " + number;
        }

        @Task("first.many")
        public String many(String... parts) {
            return String.join("+", parts);
        }

        @Task("first.over")
        public String over(String one) {
            return one;
        }

        @Task("first.over2")
        public String over(String one, int two) {
            return one + two;
        }

        public String unmarked() {
            return "not a task";
        }
    }

    /** Another job. */
    public static class Second implements Job {
        @Task("second.work")
        @Override
        public String work(String what) {
            return "second " + what;
        }
    }

    /** A job nobody registers. */
    public static class Third implements Job {
        @Task("third.work")
        @Override
        public String work(String what) {
            return "third " + what;
        }
    }

    private final First first = new First();
    private final Second second = new Second();
    private final MemoryBackend backend = new MemoryBackend();
    private final OmniQ omniq =
            OmniQ.builder().backend(backend).register(first, second).build();

    @AfterEach
    void close() {
        omniq.close();
    }

    private <R> R run(TaskHandle<R> handle) {
        omniq.start();
        return handle.await(SOON);
    }

    private String func(TaskHandle<?> handle) {
        return omniq.taskStorage().getTask(handle.id()).orElseThrow().func();
    }

    private void assertNothingWritten() {
        assertThat(backend.store().list(ListRequest.of("")).objects()).isEmpty();
    }

    @Test
    void runsStaticMethods() {
        assertThat(run(omniq.enqueue(First::always, 4))).isEqualTo("static 4");
    }

    @Test
    void runsInheritedMethods() {
        assertThat(run(omniq.enqueue(first::inherited))).isEqualTo("inherited by First");
    }

    @Test
    void runsInheritedMethodsByTheirOwnClass() {
        Base base = first;
        assertThat(func(omniq.enqueue(base::inherited))).isEqualTo("base.inherited");
    }

    @Test
    void runsOverridingMethodsByTheirSuperclass() {
        Base base = first;
        assertThat(run(omniq.enqueue(base::bare, "x"))).isEqualTo("first bare x");
    }

    @Test
    void choosesAmongImplementationsByTheObject() {
        for (Job job : List.of(first, second, first)) {
            String expected = job == first ? "first.work" : "second.work";
            assertThat(func(omniq.enqueue(job::work, "x"))).isEqualTo(expected);
        }
    }

    @Test
    void runsByAnotherObjectOfTheRegisteredClass() {
        assertThat(run(omniq.enqueue(new First()::work, "x"))).isEqualTo("first x");
    }

    @Test
    void tellsOverloadsApart() {
        assertThat(func(omniq.enqueueMethod(
                        (TaskMethod.Function1<String, String>) first::over, TaskOptions.none(), List.of("a"))))
                .isEqualTo("first.over");
        assertThat(func(omniq.enqueueMethod(
                        (TaskMethod.Function2<String, Integer, String>) first::over,
                        TaskOptions.none(),
                        List.of("a", 1))))
                .isEqualTo("first.over2");
    }

    @Test
    void refusesAnImplementationThatIsNotRegistered() {
        Job third = new Third();
        assertThatThrownBy(() -> omniq.enqueue(third::work, "x"))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("not registered here as a task; register its object with the builder")
                .hasMessageContaining("Job.work");
        assertNothingWritten();
    }

    @Test
    void refusesAMethodOfAClassThatIsNotRegistered() {
        assertThatThrownBy(() -> omniq.enqueue(new Third()::work, "x"))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("register its object with the builder")
                .hasMessageContaining(Third.class.getName() + ".work");
        assertNothingWritten();
    }

    @Test
    void refusesAMethodWithoutTheAnnotation() {
        assertThatThrownBy(() -> omniq.enqueue(first::unmarked))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("not registered here as a task")
                .hasMessageContaining("First.unmarked");
        assertNothingWritten();
    }

    @Test
    void refusesALambdaExpression() {
        assertThatThrownBy(() -> omniq.enqueueMethod(
                        (TaskMethod.Function1<String, String>) what -> first.work(what),
                        TaskOptions.none(),
                        List.of("x")))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("a lambda expression is no task; use a method reference such as reports::render");
        assertNothingWritten();
    }

    @Test
    void refusesAReferenceWithoutItsObject() {
        assertThatThrownBy(() -> omniq.enqueue(First::work, first, "x"))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("the reference needs its object; use reports::render instead of Reports::render")
                .hasMessageContaining("First.work");
        assertNothingWritten();
    }

    @Test
    void refusesAnImplementationOfTheReferenceTypeItself() {
        TaskMethod.Procedure0 own = new TaskMethod.Procedure0() {
            private static final long serialVersionUID = 1L;

            @Override
            public void call() {}
        };
        assertThatThrownBy(() -> omniq.enqueue(own))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("not a method reference; use one such as reports::render");
        assertNothingWritten();
    }

    @Test
    void passesAnArrayToAVariableNumberOfParameters() {
        TaskHandle<Object> handle = omniq.enqueue("first.many", (Object) new String[] {"a", "b"});
        assertThat(run(handle)).isEqualTo("a+b");
    }

    @Test
    void enqueuesWithoutBlockingTheSameWay() {
        CompletableFuture<TaskHandle<String>> refused = omniq.async().enqueue(new Third()::work, "x");
        assertThatThrownBy(refused::join).hasCauseInstanceOf(InvalidTaskException.class);
        assertThat(func(omniq.async().enqueue(first::work, "x").join())).isEqualTo("first.work");
    }
}
