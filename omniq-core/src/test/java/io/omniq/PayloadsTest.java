/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.omniq.model.NewTask;
import io.omniq.storage.MemoryBackend;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Arguments and values come out as they went in. */
class PayloadsTest {
    private static final Duration SOON = Duration.ofSeconds(50);

    /** A constant with a body. */
    public enum Size {
        SMALL,
        LARGE {
            @Override
            public String toString() {
                return "huge";
            }
        }
    }

    /** A part. */
    public record Line(
            String article, BigDecimal price, @Nullable Integer count) {}

    /** A whole. */
    public record Order(UUID id, List<Line> lines, Map<String, List<Line>> byShop, Size size, Instant at) {}

    /** Echoes. */
    public static final class Echo {
        @Task("echo.order")
        public Order order(Order order) {
            return order;
        }

        @Task("echo.orders")
        public CompletionStage<Map<Size, List<Order>>> orders(Map<Size, List<Order>> orders) {
            return CompletableFuture.completedFuture(orders);
        }

        @Task("echo.decimal")
        public BigDecimal decimal(BigDecimal value) {
            return value;
        }

        @Task("echo.numbers")
        public String numbers(byte a, short b, int c, long d, float e, double f) {
            return a + " " + b + " " + c + " " + d + " " + e + " " + f;
        }

        @Task("echo.long")
        public long whole(long value) {
            return value;
        }

        @Task("echo.big")
        public BigInteger big(BigInteger value) {
            return value;
        }

        @Task("echo.flag")
        public boolean flag(boolean value) {
            return value;
        }

        @Task("echo.char")
        public char letter(char value) {
            return value;
        }

        @Task("echo.times")
        public List<String> times(
                Instant a, LocalDate b, LocalDateTime c, Duration d, OffsetDateTime e, ZonedDateTime f) {
            return List.of(a.toString(), b.toString(), c.toString(), d.toString(), e.toString(), f.toString());
        }

        @Task("echo.zoned")
        public ZonedDateTime zoned(ZonedDateTime value) {
            return value;
        }

        @Task("echo.text")
        public @Nullable String text(@Nullable String value) {
            return value;
        }

        @Task("echo.list")
        public List<@Nullable String> list(List<@Nullable String> values) {
            return values;
        }

        @Task("echo.bytes")
        public byte[] bytes(byte[] value) {
            return value;
        }

        @Task("echo.set")
        public Set<Size> set(Set<Size> values) {
            return values;
        }

        @Task("echo.json")
        public JsonNode json(JsonNode value) {
            return value;
        }

        @Task("echo.object")
        public Object object(Object value) {
            return value.getClass().getSimpleName() + " " + value;
        }

        @Task("echo.optional")
        public int optional(Optional<String> value) {
            return value.map(String::length).orElse(0);
        }

        @Task("echo.greet")
        public String greet(String name, int times) {
            return name.repeat(times);
        }

        @Task("echo.nothing")
        public CompletionStage<Void> nothing() {
            return CompletableFuture.completedFuture(null);
        }
    }

    private final Echo echo = new Echo();
    private final OmniQ omniq =
            OmniQ.builder().backend(new MemoryBackend()).register(echo).build();

    PayloadsTest() {
        omniq.start();
    }

    @AfterEach
    void close() {
        omniq.close();
    }

    private static Order order() {
        Line line = new Line("pen \"\u00fc\u2603\ud83d\ude00\"", new BigDecimal("1.10"), null);
        return new Order(
                new UUID(1, 2),
                List.of(line, line),
                Map.of("north", List.of(line)),
                Size.LARGE,
                Instant.parse("2026-02-03T04:05:06.000000007Z"));
    }

    @Test
    void recordsWithNestedGenerics() {
        assertThat(omniq.enqueue(echo::order, order()).await(SOON)).isEqualTo(order());
        assertThat(omniq.enqueue(echo::orders, Map.of(Size.SMALL, List.of(order())))
                        .await(SOON))
                .isEqualTo(Map.of(Size.SMALL, List.of(order())));
    }

    @Test
    void decimalsKeepTheirScale() {
        for (String text :
                List.of("1.10", "100", "0.000000000000000000000000000001", "-12345678901234567890.50", "1E+3")) {
            assertThat(omniq.enqueue(echo::decimal, new BigDecimal(text)).await(SOON))
                    .isEqualTo(new BigDecimal(text));
        }
    }

    @Test
    void numbersKeepTheirRange() {
        assertThat(omniq.enqueue(
                                echo::numbers,
                                Byte.MIN_VALUE,
                                Short.MAX_VALUE,
                                Integer.MIN_VALUE,
                                Long.MAX_VALUE,
                                Float.MIN_VALUE,
                                Double.MAX_VALUE)
                        .await(SOON))
                .isEqualTo(echo.numbers(
                        Byte.MIN_VALUE,
                        Short.MAX_VALUE,
                        Integer.MIN_VALUE,
                        Long.MAX_VALUE,
                        Float.MIN_VALUE,
                        Double.MAX_VALUE));
        assertThat(omniq.enqueue(echo::whole, (1L << 53) + 1).await(SOON)).isEqualTo((1L << 53) + 1);
        assertThat(omniq.enqueue(echo::big, BigInteger.TEN.pow(40)).await(SOON)).isEqualTo(BigInteger.TEN.pow(40));
        assertThat(omniq.enqueue(echo::letter, 'x').await(SOON)).isEqualTo('x');
        assertThat(omniq.enqueue(echo::flag, true).await(SOON)).isTrue();
    }

    @Test
    void timesKeepZoneAndNanoseconds() {
        Instant instant = Instant.parse("2026-01-01T00:00:00.123456789Z");
        LocalDate date = LocalDate.of(2026, 2, 28);
        LocalDateTime local = LocalDateTime.of(2026, 3, 29, 2, 30);
        Duration duration = Duration.ofSeconds(1, 5);
        OffsetDateTime offset = OffsetDateTime.parse("2026-01-01T00:00:00+05:30");
        ZonedDateTime zoned = ZonedDateTime.parse("2026-07-01T00:00:00+02:00[Europe/Berlin]");

        assertThat(omniq.enqueue(echo::times, instant, date, local, duration, offset, zoned)
                        .await(SOON))
                .isEqualTo(echo.times(instant, date, local, duration, offset, zoned));
        assertThat(omniq.enqueue(echo::zoned, zoned).await(SOON)).isEqualTo(zoned);
    }

    @Test
    void nullsStayNulls() {
        assertThat(omniq.enqueue(echo::text, (String) null).await(SOON)).isNull();
        assertThat(omniq.enqueue(echo::list, Arrays.asList("a", null)).await(SOON))
                .containsExactly("a", null);
        assertThat(omniq.enqueue(echo::nothing).await(SOON)).isNull();
    }

    @Test
    void arraysSetsAndTrees() {
        assertThat(omniq.enqueue(echo::bytes, new byte[] {-1, 0, 1}).await(SOON))
                .containsExactly(-1, 0, 1);
        assertThat(omniq.enqueue(echo::set, Set.of(Size.SMALL, Size.LARGE)).await(SOON))
                .containsExactlyInAnyOrder(Size.SMALL, Size.LARGE);
        assertThat(omniq.enqueue(echo::json, new IntNode(3)).await(SOON)).isEqualTo(new IntNode(3));
    }

    @Test
    void objectsOfNoDeclaredTypeArePlainData() {
        assertThat(omniq.enqueue(echo::object, (Object) new Line("pen", BigDecimal.ONE, 2))
                        .await(SOON))
                .isEqualTo("LinkedHashMap {article=pen, price=1, count=2}");
    }

    @Test
    void refusesAnOptionalAndNamesTheRemedy() {
        assertThatThrownBy(() -> omniq.enqueue(echo::optional, Optional.of("x")))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("argument cannot be written as JSON")
                .hasStackTraceContaining("jackson-datatype-jdk8");
    }

    @Test
    void argumentsByParameterName() {
        NewTask task = new NewTask(
                "echo.greet",
                List.of(),
                Map.of("times", new IntNode(2), "name", new TextNode("ha")),
                TaskOptions.none());
        String id = omniq.taskStorage().enqueue(task).task().id();

        assertThat(omniq.handle(id, String.class).await(SOON)).isEqualTo("haha");
    }

    @Test
    void argumentsByPositionThenByName() {
        NewTask task = new NewTask(
                "echo.greet", List.of(new TextNode("ha")), Map.of("times", new IntNode(3)), TaskOptions.none());
        String id = omniq.taskStorage().enqueue(task).task().id();

        assertThat(omniq.handle(id, String.class).await(SOON)).isEqualTo("hahaha");
    }

    @Test
    void failsATaskWhoseArgumentsByNameDoNotFit() {
        NewTask task = new NewTask(
                "echo.greet",
                List.of(),
                Map.of("name", new TextNode("ha"), "count", new IntNode(3)),
                TaskOptions.none().maxAttempts(1));
        String id = omniq.taskStorage().enqueue(task).task().id();

        assertThatThrownBy(() -> omniq.handle(id, String.class).await(SOON))
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("argument is missing: name=echo.greet argument=times");
    }

    @Test
    void laterChangesOfAnArgumentDoNotMatter() {
        List<@Nullable String> values = new java.util.ArrayList<>(List.of("before"));
        TaskHandle<List<@Nullable String>> handle =
                omniq.enqueue(echo::list, values, TaskOptions.delayed(Duration.ofMillis(50)));
        values.set(0, "after");

        assertThat(handle.await(SOON)).containsExactly("before");
    }

    @Test
    void valuesOfAForeignTypeAreReported() {
        TaskHandle<Object> handle = omniq.enqueue("echo.text", "abc");
        handle.await(SOON);

        assertThatThrownBy(() -> omniq.handle(handle.id(), Order.class).await(SOON))
                .isInstanceOf(OmniQException.class)
                .hasMessageContaining("the task's value does not fit its type: task=" + handle.id())
                .hasMessageContaining("Order");
    }
}
