/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.storage.MemoryBackend;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every overload of enqueue compiles for a method of its shape, passes all arguments, and gives the value's type. */
class EnqueueOverloadsTest {
    private static final Duration SOON = Duration.ofSeconds(50);
    private static final TaskOptions URGENT = TaskOptions.none().priority(7);

    /** Three tasks for each number of arguments. */
    public static final class Tasks {
        final Set<String> called = ConcurrentHashMap.newKeySet();

        @Task("f0")
        public String f0() {
            return "0";
        }

        @Task("s0")
        public CompletionStage<String> s0() {
            return CompletableFuture.completedFuture("0");
        }

        @Task("p0")
        public void p0() {
            called.add("0");
        }

        @Task("f1")
        public String f1(int a) {
            return "1" + a;
        }

        @Task("s1")
        public CompletionStage<String> s1(int a) {
            return CompletableFuture.completedFuture("1" + a);
        }

        @Task("p1")
        public void p1(int a) {
            called.add("1" + a);
        }

        @Task("f2")
        public String f2(int a, String b) {
            return "2" + a + b;
        }

        @Task("s2")
        public CompletionStage<String> s2(int a, String b) {
            return CompletableFuture.completedFuture("2" + a + b);
        }

        @Task("p2")
        public void p2(int a, String b) {
            called.add("2" + a + b);
        }

        @Task("f3")
        public String f3(int a, String b, long c) {
            return "3" + a + b + c;
        }

        @Task("s3")
        public CompletionStage<String> s3(int a, String b, long c) {
            return CompletableFuture.completedFuture("3" + a + b + c);
        }

        @Task("p3")
        public void p3(int a, String b, long c) {
            called.add("3" + a + b + c);
        }

        @Task("f4")
        public String f4(int a, String b, long c, boolean d) {
            return "4" + a + b + c + d;
        }

        @Task("s4")
        public CompletionStage<String> s4(int a, String b, long c, boolean d) {
            return CompletableFuture.completedFuture("4" + a + b + c + d);
        }

        @Task("p4")
        public void p4(int a, String b, long c, boolean d) {
            called.add("4" + a + b + c + d);
        }

        @Task("f5")
        public String f5(int a, String b, long c, boolean d, List<Integer> e) {
            return "5" + a + b + c + d + e;
        }

        @Task("s5")
        public CompletionStage<String> s5(int a, String b, long c, boolean d, List<Integer> e) {
            return CompletableFuture.completedFuture("5" + a + b + c + d + e);
        }

        @Task("p5")
        public void p5(int a, String b, long c, boolean d, List<Integer> e) {
            called.add("5" + a + b + c + d + e);
        }

        @Task("f6")
        public String f6(int a, String b, long c, boolean d, List<Integer> e, Double f) {
            return "6" + a + b + c + d + e + f;
        }

        @Task("s6")
        public CompletionStage<String> s6(int a, String b, long c, boolean d, List<Integer> e, Double f) {
            return CompletableFuture.completedFuture("6" + a + b + c + d + e + f);
        }

        @Task("p6")
        public void p6(int a, String b, long c, boolean d, List<Integer> e, Double f) {
            called.add("6" + a + b + c + d + e + f);
        }
    }

    private final Tasks tasks = new Tasks();
    private final OmniQ omniq = started(tasks);
    private final AsyncOmniQ async = omniq.async();

    private static OmniQ started(Tasks tasks) {
        OmniQ omniq =
                OmniQ.builder().backend(new MemoryBackend()).register(tasks).build();
        omniq.start();
        return omniq;
    }

    @AfterEach
    void close() {
        omniq.close();
    }

    private void assertUrgent(TaskHandle<?> handle) {
        assertThat(omniq.taskStorage().getTask(handle.id()).orElseThrow().priority())
                .isEqualTo(7);
    }

    private void assertAllCalled() {
        assertThat(tasks.called)
                .containsExactlyInAnyOrderElementsOf(
                        List.of("0", "11", "21b", "31b3", "41b3true", "51b3true[5]", "61b3true[5]6.5"));
    }

    @Test
    void functions() {
        TaskHandle<String> f0 = omniq.enqueue(tasks::f0);
        assertThat(f0.await(SOON)).isEqualTo("0");
        TaskHandle<String> f0o = omniq.enqueue(tasks::f0, URGENT);
        assertThat(f0o.await(SOON)).isEqualTo("0");
        assertUrgent(f0o);
        TaskHandle<String> f1 = omniq.enqueue(tasks::f1, 1);
        assertThat(f1.await(SOON)).isEqualTo("11");
        TaskHandle<String> f1o = omniq.enqueue(tasks::f1, 1, URGENT);
        assertThat(f1o.await(SOON)).isEqualTo("11");
        assertUrgent(f1o);
        TaskHandle<String> f2 = omniq.enqueue(tasks::f2, 1, "b");
        assertThat(f2.await(SOON)).isEqualTo("21b");
        TaskHandle<String> f2o = omniq.enqueue(tasks::f2, 1, "b", URGENT);
        assertThat(f2o.await(SOON)).isEqualTo("21b");
        assertUrgent(f2o);
        TaskHandle<String> f3 = omniq.enqueue(tasks::f3, 1, "b", 3L);
        assertThat(f3.await(SOON)).isEqualTo("31b3");
        TaskHandle<String> f3o = omniq.enqueue(tasks::f3, 1, "b", 3L, URGENT);
        assertThat(f3o.await(SOON)).isEqualTo("31b3");
        assertUrgent(f3o);
        TaskHandle<String> f4 = omniq.enqueue(tasks::f4, 1, "b", 3L, true);
        assertThat(f4.await(SOON)).isEqualTo("41b3true");
        TaskHandle<String> f4o = omniq.enqueue(tasks::f4, 1, "b", 3L, true, URGENT);
        assertThat(f4o.await(SOON)).isEqualTo("41b3true");
        assertUrgent(f4o);
        TaskHandle<String> f5 = omniq.enqueue(tasks::f5, 1, "b", 3L, true, List.of(5));
        assertThat(f5.await(SOON)).isEqualTo("51b3true[5]");
        TaskHandle<String> f5o = omniq.enqueue(tasks::f5, 1, "b", 3L, true, List.of(5), URGENT);
        assertThat(f5o.await(SOON)).isEqualTo("51b3true[5]");
        assertUrgent(f5o);
        TaskHandle<String> f6 = omniq.enqueue(tasks::f6, 1, "b", 3L, true, List.of(5), 6.5);
        assertThat(f6.await(SOON)).isEqualTo("61b3true[5]6.5");
        TaskHandle<String> f6o = omniq.enqueue(tasks::f6, 1, "b", 3L, true, List.of(5), 6.5, URGENT);
        assertThat(f6o.await(SOON)).isEqualTo("61b3true[5]6.5");
        assertUrgent(f6o);
    }

    @Test
    void stages() {
        TaskHandle<String> s0 = omniq.enqueue(tasks::s0);
        assertThat(s0.await(SOON)).isEqualTo("0");
        TaskHandle<String> s0o = omniq.enqueue(tasks::s0, URGENT);
        assertThat(s0o.await(SOON)).isEqualTo("0");
        assertUrgent(s0o);
        TaskHandle<String> s1 = omniq.enqueue(tasks::s1, 1);
        assertThat(s1.await(SOON)).isEqualTo("11");
        TaskHandle<String> s1o = omniq.enqueue(tasks::s1, 1, URGENT);
        assertThat(s1o.await(SOON)).isEqualTo("11");
        assertUrgent(s1o);
        TaskHandle<String> s2 = omniq.enqueue(tasks::s2, 1, "b");
        assertThat(s2.await(SOON)).isEqualTo("21b");
        TaskHandle<String> s2o = omniq.enqueue(tasks::s2, 1, "b", URGENT);
        assertThat(s2o.await(SOON)).isEqualTo("21b");
        assertUrgent(s2o);
        TaskHandle<String> s3 = omniq.enqueue(tasks::s3, 1, "b", 3L);
        assertThat(s3.await(SOON)).isEqualTo("31b3");
        TaskHandle<String> s3o = omniq.enqueue(tasks::s3, 1, "b", 3L, URGENT);
        assertThat(s3o.await(SOON)).isEqualTo("31b3");
        assertUrgent(s3o);
        TaskHandle<String> s4 = omniq.enqueue(tasks::s4, 1, "b", 3L, true);
        assertThat(s4.await(SOON)).isEqualTo("41b3true");
        TaskHandle<String> s4o = omniq.enqueue(tasks::s4, 1, "b", 3L, true, URGENT);
        assertThat(s4o.await(SOON)).isEqualTo("41b3true");
        assertUrgent(s4o);
        TaskHandle<String> s5 = omniq.enqueue(tasks::s5, 1, "b", 3L, true, List.of(5));
        assertThat(s5.await(SOON)).isEqualTo("51b3true[5]");
        TaskHandle<String> s5o = omniq.enqueue(tasks::s5, 1, "b", 3L, true, List.of(5), URGENT);
        assertThat(s5o.await(SOON)).isEqualTo("51b3true[5]");
        assertUrgent(s5o);
        TaskHandle<String> s6 = omniq.enqueue(tasks::s6, 1, "b", 3L, true, List.of(5), 6.5);
        assertThat(s6.await(SOON)).isEqualTo("61b3true[5]6.5");
        TaskHandle<String> s6o = omniq.enqueue(tasks::s6, 1, "b", 3L, true, List.of(5), 6.5, URGENT);
        assertThat(s6o.await(SOON)).isEqualTo("61b3true[5]6.5");
        assertUrgent(s6o);
    }

    @Test
    void procedures() {
        TaskHandle<Void> p0 = omniq.enqueue(tasks::p0);
        assertThat(p0.await(SOON)).isEqualTo(null);
        TaskHandle<Void> p0o = omniq.enqueue(tasks::p0, URGENT);
        assertThat(p0o.await(SOON)).isEqualTo(null);
        assertUrgent(p0o);
        TaskHandle<Void> p1 = omniq.enqueue(tasks::p1, 1);
        assertThat(p1.await(SOON)).isEqualTo(null);
        TaskHandle<Void> p1o = omniq.enqueue(tasks::p1, 1, URGENT);
        assertThat(p1o.await(SOON)).isEqualTo(null);
        assertUrgent(p1o);
        TaskHandle<Void> p2 = omniq.enqueue(tasks::p2, 1, "b");
        assertThat(p2.await(SOON)).isEqualTo(null);
        TaskHandle<Void> p2o = omniq.enqueue(tasks::p2, 1, "b", URGENT);
        assertThat(p2o.await(SOON)).isEqualTo(null);
        assertUrgent(p2o);
        TaskHandle<Void> p3 = omniq.enqueue(tasks::p3, 1, "b", 3L);
        assertThat(p3.await(SOON)).isEqualTo(null);
        TaskHandle<Void> p3o = omniq.enqueue(tasks::p3, 1, "b", 3L, URGENT);
        assertThat(p3o.await(SOON)).isEqualTo(null);
        assertUrgent(p3o);
        TaskHandle<Void> p4 = omniq.enqueue(tasks::p4, 1, "b", 3L, true);
        assertThat(p4.await(SOON)).isEqualTo(null);
        TaskHandle<Void> p4o = omniq.enqueue(tasks::p4, 1, "b", 3L, true, URGENT);
        assertThat(p4o.await(SOON)).isEqualTo(null);
        assertUrgent(p4o);
        TaskHandle<Void> p5 = omniq.enqueue(tasks::p5, 1, "b", 3L, true, List.of(5));
        assertThat(p5.await(SOON)).isEqualTo(null);
        TaskHandle<Void> p5o = omniq.enqueue(tasks::p5, 1, "b", 3L, true, List.of(5), URGENT);
        assertThat(p5o.await(SOON)).isEqualTo(null);
        assertUrgent(p5o);
        TaskHandle<Void> p6 = omniq.enqueue(tasks::p6, 1, "b", 3L, true, List.of(5), 6.5);
        assertThat(p6.await(SOON)).isEqualTo(null);
        TaskHandle<Void> p6o = omniq.enqueue(tasks::p6, 1, "b", 3L, true, List.of(5), 6.5, URGENT);
        assertThat(p6o.await(SOON)).isEqualTo(null);
        assertUrgent(p6o);
        assertAllCalled();
    }

    @Test
    void functionsWithoutBlocking() {
        TaskHandle<String> f0 = async.enqueue(tasks::f0).join();
        assertThat(f0.await(SOON)).isEqualTo("0");
        TaskHandle<String> f0o = async.enqueue(tasks::f0, URGENT).join();
        assertThat(f0o.await(SOON)).isEqualTo("0");
        assertUrgent(f0o);
        TaskHandle<String> f1 = async.enqueue(tasks::f1, 1).join();
        assertThat(f1.await(SOON)).isEqualTo("11");
        TaskHandle<String> f1o = async.enqueue(tasks::f1, 1, URGENT).join();
        assertThat(f1o.await(SOON)).isEqualTo("11");
        assertUrgent(f1o);
        TaskHandle<String> f2 = async.enqueue(tasks::f2, 1, "b").join();
        assertThat(f2.await(SOON)).isEqualTo("21b");
        TaskHandle<String> f2o = async.enqueue(tasks::f2, 1, "b", URGENT).join();
        assertThat(f2o.await(SOON)).isEqualTo("21b");
        assertUrgent(f2o);
        TaskHandle<String> f3 = async.enqueue(tasks::f3, 1, "b", 3L).join();
        assertThat(f3.await(SOON)).isEqualTo("31b3");
        TaskHandle<String> f3o = async.enqueue(tasks::f3, 1, "b", 3L, URGENT).join();
        assertThat(f3o.await(SOON)).isEqualTo("31b3");
        assertUrgent(f3o);
        TaskHandle<String> f4 = async.enqueue(tasks::f4, 1, "b", 3L, true).join();
        assertThat(f4.await(SOON)).isEqualTo("41b3true");
        TaskHandle<String> f4o =
                async.enqueue(tasks::f4, 1, "b", 3L, true, URGENT).join();
        assertThat(f4o.await(SOON)).isEqualTo("41b3true");
        assertUrgent(f4o);
        TaskHandle<String> f5 =
                async.enqueue(tasks::f5, 1, "b", 3L, true, List.of(5)).join();
        assertThat(f5.await(SOON)).isEqualTo("51b3true[5]");
        TaskHandle<String> f5o =
                async.enqueue(tasks::f5, 1, "b", 3L, true, List.of(5), URGENT).join();
        assertThat(f5o.await(SOON)).isEqualTo("51b3true[5]");
        assertUrgent(f5o);
        TaskHandle<String> f6 =
                async.enqueue(tasks::f6, 1, "b", 3L, true, List.of(5), 6.5).join();
        assertThat(f6.await(SOON)).isEqualTo("61b3true[5]6.5");
        TaskHandle<String> f6o = async.enqueue(tasks::f6, 1, "b", 3L, true, List.of(5), 6.5, URGENT)
                .join();
        assertThat(f6o.await(SOON)).isEqualTo("61b3true[5]6.5");
        assertUrgent(f6o);
    }

    @Test
    void stagesWithoutBlocking() {
        TaskHandle<String> s0 = async.enqueue(tasks::s0).join();
        assertThat(s0.await(SOON)).isEqualTo("0");
        TaskHandle<String> s0o = async.enqueue(tasks::s0, URGENT).join();
        assertThat(s0o.await(SOON)).isEqualTo("0");
        assertUrgent(s0o);
        TaskHandle<String> s1 = async.enqueue(tasks::s1, 1).join();
        assertThat(s1.await(SOON)).isEqualTo("11");
        TaskHandle<String> s1o = async.enqueue(tasks::s1, 1, URGENT).join();
        assertThat(s1o.await(SOON)).isEqualTo("11");
        assertUrgent(s1o);
        TaskHandle<String> s2 = async.enqueue(tasks::s2, 1, "b").join();
        assertThat(s2.await(SOON)).isEqualTo("21b");
        TaskHandle<String> s2o = async.enqueue(tasks::s2, 1, "b", URGENT).join();
        assertThat(s2o.await(SOON)).isEqualTo("21b");
        assertUrgent(s2o);
        TaskHandle<String> s3 = async.enqueue(tasks::s3, 1, "b", 3L).join();
        assertThat(s3.await(SOON)).isEqualTo("31b3");
        TaskHandle<String> s3o = async.enqueue(tasks::s3, 1, "b", 3L, URGENT).join();
        assertThat(s3o.await(SOON)).isEqualTo("31b3");
        assertUrgent(s3o);
        TaskHandle<String> s4 = async.enqueue(tasks::s4, 1, "b", 3L, true).join();
        assertThat(s4.await(SOON)).isEqualTo("41b3true");
        TaskHandle<String> s4o =
                async.enqueue(tasks::s4, 1, "b", 3L, true, URGENT).join();
        assertThat(s4o.await(SOON)).isEqualTo("41b3true");
        assertUrgent(s4o);
        TaskHandle<String> s5 =
                async.enqueue(tasks::s5, 1, "b", 3L, true, List.of(5)).join();
        assertThat(s5.await(SOON)).isEqualTo("51b3true[5]");
        TaskHandle<String> s5o =
                async.enqueue(tasks::s5, 1, "b", 3L, true, List.of(5), URGENT).join();
        assertThat(s5o.await(SOON)).isEqualTo("51b3true[5]");
        assertUrgent(s5o);
        TaskHandle<String> s6 =
                async.enqueue(tasks::s6, 1, "b", 3L, true, List.of(5), 6.5).join();
        assertThat(s6.await(SOON)).isEqualTo("61b3true[5]6.5");
        TaskHandle<String> s6o = async.enqueue(tasks::s6, 1, "b", 3L, true, List.of(5), 6.5, URGENT)
                .join();
        assertThat(s6o.await(SOON)).isEqualTo("61b3true[5]6.5");
        assertUrgent(s6o);
    }

    @Test
    void proceduresWithoutBlocking() {
        TaskHandle<Void> p0 = async.enqueue(tasks::p0).join();
        assertThat(p0.await(SOON)).isEqualTo(null);
        TaskHandle<Void> p0o = async.enqueue(tasks::p0, URGENT).join();
        assertThat(p0o.await(SOON)).isEqualTo(null);
        assertUrgent(p0o);
        TaskHandle<Void> p1 = async.enqueue(tasks::p1, 1).join();
        assertThat(p1.await(SOON)).isEqualTo(null);
        TaskHandle<Void> p1o = async.enqueue(tasks::p1, 1, URGENT).join();
        assertThat(p1o.await(SOON)).isEqualTo(null);
        assertUrgent(p1o);
        TaskHandle<Void> p2 = async.enqueue(tasks::p2, 1, "b").join();
        assertThat(p2.await(SOON)).isEqualTo(null);
        TaskHandle<Void> p2o = async.enqueue(tasks::p2, 1, "b", URGENT).join();
        assertThat(p2o.await(SOON)).isEqualTo(null);
        assertUrgent(p2o);
        TaskHandle<Void> p3 = async.enqueue(tasks::p3, 1, "b", 3L).join();
        assertThat(p3.await(SOON)).isEqualTo(null);
        TaskHandle<Void> p3o = async.enqueue(tasks::p3, 1, "b", 3L, URGENT).join();
        assertThat(p3o.await(SOON)).isEqualTo(null);
        assertUrgent(p3o);
        TaskHandle<Void> p4 = async.enqueue(tasks::p4, 1, "b", 3L, true).join();
        assertThat(p4.await(SOON)).isEqualTo(null);
        TaskHandle<Void> p4o =
                async.enqueue(tasks::p4, 1, "b", 3L, true, URGENT).join();
        assertThat(p4o.await(SOON)).isEqualTo(null);
        assertUrgent(p4o);
        TaskHandle<Void> p5 =
                async.enqueue(tasks::p5, 1, "b", 3L, true, List.of(5)).join();
        assertThat(p5.await(SOON)).isEqualTo(null);
        TaskHandle<Void> p5o =
                async.enqueue(tasks::p5, 1, "b", 3L, true, List.of(5), URGENT).join();
        assertThat(p5o.await(SOON)).isEqualTo(null);
        assertUrgent(p5o);
        TaskHandle<Void> p6 =
                async.enqueue(tasks::p6, 1, "b", 3L, true, List.of(5), 6.5).join();
        assertThat(p6.await(SOON)).isEqualTo(null);
        TaskHandle<Void> p6o = async.enqueue(tasks::p6, 1, "b", 3L, true, List.of(5), 6.5, URGENT)
                .join();
        assertThat(p6o.await(SOON)).isEqualTo(null);
        assertUrgent(p6o);
        assertAllCalled();
    }
}
