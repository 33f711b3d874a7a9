/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.config.WorkerConfig.ThreadKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How each kind of value is read. */
class ValueTypeTest {
    private final ValueType<Duration> time = ValueType.duration(Duration.ZERO, Duration.ofDays(2), "any");
    private final ValueType<Integer> number = ValueType.integer(-5, 100);

    @Test
    void durationsAreSecondsOrIso() {
        for (Object raw :
                List.of(90, 90L, 90.0, new BigDecimal("90"), "90", " 90 ", "90.000", "PT90S", "PT1M30S", "pt1m30s")) {
            assertThat(time.read(raw)).as(raw.toString()).isEqualTo(Duration.ofSeconds(90));
        }
        assertThat(time.read(0.25)).isEqualTo(Duration.ofMillis(250));
        assertThat(time.read("0.000000001")).isEqualTo(Duration.ofNanos(1));
        assertThat(time.read("P1D")).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void whatIsNoDurationDoesNotFit() {
        for (Object raw : Arrays.asList(
                "",
                "soon",
                "5m",
                "1:30",
                "1e3",
                "PT",
                "-1",
                -1,
                "PT-1S",
                Double.NaN,
                1e300,
                "9".repeat(400),
                true,
                List.of(1))) {
            assertThat(time.read(raw)).as(String.valueOf(raw)).isNull();
        }
    }

    @Test
    void wholeNumbersAreNumbersOrDigits() {
        for (Object raw : List.of(7, 7L, BigInteger.valueOf(7), "7", " 7 ", "+7")) {
            assertThat(number.read(raw)).as(raw.toString()).isEqualTo(7);
        }
        for (Object raw : List.of("", "7.0", 7.0, "seven", "1_0", "99999999999", 99_999_999_999L, 101, -6, true)) {
            assertThat(number.read(raw)).as(raw.toString()).isNull();
        }
    }

    @Test
    void wordsAreReadWithoutCase() {
        ValueType<ThreadKind> kind = Setting.WORKER_TYPE.type();

        assertThat(kind.read("Virtual")).isEqualTo(ThreadKind.VIRTUAL);
        assertThat(kind.read(" gevent ")).isEqualTo(ThreadKind.VIRTUAL);
        assertThat(kind.read("thread")).isEqualTo(ThreadKind.PLATFORM);
        assertThat(kind.read("async")).isEqualTo(ThreadKind.AUTO);
        assertThat(kind.read(ThreadKind.PLATFORM)).isEqualTo(ThreadKind.PLATFORM);
        assertThat(kind.read("process")).isNull();
        assertThat(kind.read(1)).isNull();
    }

    @Test
    void queuesAreAListOrTextWithCommas() {
        ValueType<List<String>> queues = ValueType.queues();

        assertThat(queues.read(List.of("high", "low"))).containsExactly("high", "low");
        assertThat(queues.read("high, low")).containsExactly("high", "low");
        assertThat(queues.read(" ")).isEmpty();
        for (Object raw : Arrays.asList("high,", "a/b", "a,a", List.of(1), List.of("a", "a"), 5, Map.of())) {
            assertThat(queues.read(raw)).as(String.valueOf(raw)).isNull();
        }
    }

    @Test
    void weightsAreASectionOrText() {
        ValueType<Map<String, Integer>> weights = ValueType.weights();

        assertThat(weights.read(Map.of("high", "3", "low", 1))).isEqualTo(Map.of("high", 3, "low", 1));
        assertThat(weights.read("high=3, low = 1")).isEqualTo(Map.of("high", 3, "low", 1));
        assertThat(weights.read("")).isEmpty();
        for (Object raw : List.of("high", "high=", "=3", "high=0", "high=3,high=3", "a/b=1", List.of("high"), 3)) {
            assertThat(weights.read(raw)).as(raw.toString()).isNull();
        }
    }

    @Test
    void optionsBecomeText() {
        ValueType<Map<String, String>> options = ValueType.options();
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("block_size", 1024);
        raw.put("cache_timeout", Duration.ofSeconds(5));
        raw.put("project", null);

        assertThat(options.read(raw)).isEqualTo(Map.of("block_size", "1024", "cache_timeout", "PT5S"));
        assertThat(options.read("access=read_only,endpoint_url=http://h:1/?a=b"))
                .isEqualTo(Map.of("access", "read_only", "endpoint_url", "http://h:1/?a=b"));
        assertThat(options.read("nonsense")).isNull();
        assertThat(options.read(Map.of("a", Map.of("b", "c")))).isNull();
    }

    @Test
    void valuesCannotBeChangedAfterwards() {
        Map<String, Object> raw = new LinkedHashMap<>(Map.of("q", 1));
        Map<String, Integer> weights = ValueType.weights().read(raw);
        raw.put("r", 2);

        assertThat(weights).isEqualTo(Map.of("q", 1)).isUnmodifiable();
        assertThat(ValueType.options().read(Map.of("a", "b"))).isUnmodifiable();
        assertThat(ValueType.queues().read(List.of("a"))).isUnmodifiable();
    }
}
