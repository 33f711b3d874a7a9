/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.storage.MemoryBackend;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is refused when an object is registered. */
class RegistrationTest {
    private final MemoryBackend backend = new MemoryBackend();

    @AfterEach
    void nothingWasWrittenOrStarted() {
        assertThat(StoreView.keys(backend)).isEmpty();
        backend.close();
    }

    private AbstractThrowableAssert<?, ?> refused(Object... objects) {
        return assertThatThrownBy(
                        () -> OmniQ.builder().backend(backend).register(objects).build())
                .isInstanceOf(InvalidTaskException.class);
    }

    /** A task. */
    public static class Good {
        @Task(value = "good", aliases = "fine")
        public void good() {}
    }

    /** The same name. */
    public static class SameName {
        @Task("good")
        public void better() {}
    }

    /** An alias that is a name. */
    public static class AliasOfAName {
        @Task(value = "other", aliases = "good")
        public void other() {}
    }

    /** An alias that is an alias. */
    public static class AliasOfAnAlias {
        @Task(value = "other", aliases = "fine")
        public void other() {}
    }

    /** Private. */
    public static class Private {
        @Task("private")
        private void hidden() {}
    }

    /** Package-private. */
    public static class PackagePrivate {
        @Task("package")
        void hidden() {}
    }

    /** Generic. */
    public static class Generic {
        @Task("generic")
        public <T> void any(T value) {}
    }

    /** Nothing to do. */
    public static class NoTasks {
        public void idle() {}
    }

    /** A bad duration. */
    public static class BadTimeout {
        @Task(value = "bad", timeout = "30s")
        public void bad() {}
    }

    /** A bad duration. */
    public static class NegativeTtl {
        @Task(value = "bad", ttl = "PT-1S")
        public void bad() {}
    }

    /** Bad delays. */
    public static class BadDelays {
        @Task(value = "bad", retryDelay = "PT10S", maxRetryDelay = "PT1S")
        public void bad() {}
    }

    /** Too many attempts. */
    public static class TooManyAttempts {
        @Task(value = "bad", maxAttempts = 1001)
        public void bad() {}
    }

    /** Too urgent. */
    public static class TooUrgent {
        @Task(value = "bad", priority = 101)
        public void bad() {}
    }

    /** A bad name. */
    public static class BadName {
        @Task("not a name")
        public void bad() {}
    }

    /** A bad alias. */
    public static class BadAlias {
        @Task(
                value = "bad",
                aliases = {"fine", "no/t"})
        public void bad() {}
    }

    /** A bad queue. */
    public static class BadQueue {
        @Task(value = "bad", queue = "a/b")
        public void bad() {}
    }

    /** A retry policy nobody can make. */
    public static class BadRetry {
        /** Needs something. */
        public static class Needy implements RetryFunction {
            public Needy(int something) {}

            @Override
            public Optional<Duration> nextDelay(int failures, Throwable error) {
                return Optional.empty();
            }
        }

        @Task(value = "bad", retry = Needy.class)
        public void bad() {}
    }

    /** A retry policy that fails when it is made. */
    public static class ThrowingRetry {
        /** Throws. */
        public static class Throwing implements RetryFunction {
            public Throwing() {
                throw new IllegalStateException("not today");
            }

            @Override
            public Optional<Duration> nextDelay(int failures, Throwable error) {
                return Optional.empty();
            }
        }

        @Task(value = "bad", retry = Throwing.class)
        public void bad() {}
    }

    @Test
    void twoTasksOfOneName() {
        refused(new Good(), new SameName())
                .hasMessageContaining("two tasks have one name; give one of them another: name=good")
                .hasMessageContaining("Good.good")
                .hasMessageContaining("SameName.better");
    }

    @Test
    void oneObjectTwice() {
        Good good = new Good();
        refused(good, good).hasMessageContaining("name=good");
        refused(new Good(), new Good()).hasMessageContaining("name=good");
    }

    @Test
    void aliasesThatAreTaken() {
        refused(new Good(), new AliasOfAName())
                .hasMessageContaining("two tasks have one name")
                .hasMessageContaining("name=good");
        refused(new Good(), new AliasOfAnAlias())
                .hasMessageContaining("two tasks have one name")
                .hasMessageContaining("name=fine");
    }

    @Test
    void methodsThatCannotBeCalled() {
        refused(new Private())
                .hasMessage("a @Task method must be public: method=" + Private.class.getName() + ".hidden");
        refused(new PackagePrivate())
                .hasMessage("a @Task method must be public: method=" + PackagePrivate.class.getName() + ".hidden");
    }

    @Test
    void genericMethods() {
        refused(new Generic())
                .hasMessage("a @Task method must not be generic, because its arguments come from JSON: method="
                        + Generic.class.getName() + ".any");
    }

    @Test
    void objectsWithoutTasks() {
        refused(new NoTasks()).hasMessage("the class has no method with @Task: class=" + NoTasks.class.getName());
        refused("a text").hasMessage("the class has no method with @Task: class=java.lang.String");
    }

    @Test
    void settingsThatCannotBe() {
        String where = " method=";
        refused(new BadTimeout())
                .hasMessage("@Task cannot be used: timeout must be an ISO-8601 duration such as PT30S: timeout=30s"
                        + where + BadTimeout.class.getName() + ".bad");
        refused(new NegativeTtl()).hasMessageContaining("ttl must not be negative: ttl=PT-1S" + where);
        refused(new BadDelays())
                .hasMessageContaining("the longest retry delay must not be shorter than the first:"
                        + " initialDelay=PT10S maxDelay=PT1S" + where);
        refused(new TooManyAttempts()).hasMessageContaining("attempts must be 1 to 1000: maxAttempts=1001" + where);
        refused(new TooUrgent()).hasMessageContaining("priority must be -100 to 100: priority=101" + where);
        refused(new BadName()).hasMessageContaining("invalid task name: value=\"not a name\"");
        refused(new BadAlias()).hasMessageContaining("invalid task name: value=\"no/t\"");
        refused(new BadQueue()).hasMessageContaining("invalid queue name: value=\"a/b\"");
    }

    @Test
    void retryPoliciesThatCannotBeMade() {
        String message = "the retry policy needs a public constructor without parameters: retry=";
        refused(new BadRetry()).hasMessageContaining(message + BadRetry.Needy.class.getName());
        refused(new ThrowingRetry())
                .hasMessageContaining(message + ThrowingRetry.Throwing.class.getName())
                .hasStackTraceContaining("not today");
    }

    @Test
    void noThreadIsLeftOfARefusedBuild() {
        Set<Thread> before = LifecycleTest.omniqThreads();
        refused(new Private());
        assertThat(before).containsAll(LifecycleTest.omniqThreads());
    }

    @Test
    void nullObjects() {
        assertThatThrownBy(() -> OmniQ.builder().register((Object) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("object");
    }

    @Test
    void butNotAnEmptyList() {
        try (OmniQ omniq = OmniQ.builder()
                .backend(backend)
                .leaveBackendsOpen()
                .register(List.of().toArray())
                .build()) {
            assertThatThrownBy(omniq::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("nothing is registered, so there is nothing to work on; call register(...)");
        }
    }
}
