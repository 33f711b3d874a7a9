/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.config.OmniQConfig;
import io.omniq.config.Setting;
import io.omniq.config.WorkerConfig.ThreadKind;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each setting from each source, always with the same effect; and which source wins. All modules are on the class path here. */
class EverySourceTest {
    @TempDir
    Path directory;

    /** Three values of a setting: as text, and as what they are in code; and what else must be set for them to fit. */
    record Sample(Setting<?> setting, List<String> texts, List<?> values, Map<String, String> needs) {
        static Sample of(Setting<?> setting, List<String> texts, List<?> values) {
            return new Sample(setting, texts, values, Map.of());
        }

        static Sample ofTexts(Setting<?> setting, String... texts) {
            return of(setting, List.of(texts), List.of(texts));
        }

        OmniQConfig.Builder base() {
            return OmniQConfig.builder().map(needs);
        }

        @SuppressWarnings("unchecked") // the values are of the setting's type
        OmniQConfig.Builder inCode(OmniQConfig.Builder builder, int index) {
            return builder.set((Setting<Object>) setting, values.get(index));
        }

        String section() {
            return setting.key().contains(".")
                    ? setting.key().substring(0, setting.key().indexOf('.'))
                    : "";
        }

        String name() {
            return setting.key().substring(setting.key().indexOf('.') + 1);
        }

        @Override
        public String toString() {
            return setting.key();
        }
    }

    static List<Sample> samples() {
        Stream<Sample> backends = Stream.of(
                        List.of(Setting.BACKEND_TYPE, Setting.BACKEND_URL, Setting.BACKEND_OPTIONS),
                        List.of(Setting.TASKS_TYPE, Setting.TASKS_URL, Setting.TASKS_OPTIONS),
                        List.of(Setting.RESULTS_TYPE, Setting.RESULTS_URL, Setting.RESULTS_OPTIONS),
                        List.of(Setting.EVENTS_TYPE, Setting.EVENTS_URL, Setting.EVENTS_OPTIONS),
                        List.of(Setting.SCHEDULES_TYPE, Setting.SCHEDULES_URL, Setting.SCHEDULES_OPTIONS))
                .flatMap(section -> Stream.of(
                        Sample.ofTexts(section.get(0), "memory", "Memory", "MEMORY"),
                        Sample.ofTexts(section.get(1), "memory:", "file:///data/omniq", "gs://bucket/prefix"),
                        new Sample(
                                section.get(2),
                                List.of("durability=power_loss", "durability=process_crash", ""),
                                List.of(
                                        Map.of("durability", "power_loss"),
                                        Map.of("durability", "process_crash"),
                                        Map.of()),
                                Map.of(section.get(1).key(), "file:///data/omniq"))));
        Stream<Sample> times = Stream.of(
                        Setting.POLL_INTERVAL,
                        Setting.POLL_PATIENCE,
                        Setting.LEASE,
                        Setting.INTERRUPT_AFTER,
                        Setting.STUCK_AFTER,
                        Setting.GRACEFUL_SHUTDOWN_TIMEOUT,
                        Setting.CANCEL_TIMEOUT,
                        Setting.RESULT_TTL,
                        Setting.FAILED_RESULT_TTL,
                        Setting.EVENT_TTL)
                .map(setting -> Sample.of(
                        setting,
                        List.of("40.5", "PT50S", "60"),
                        List.of(Duration.ofMillis(40_500), Duration.ofSeconds(50), Duration.ofMinutes(1))));
        Stream<Sample> others = Stream.of(
                Sample.ofTexts(Setting.APPLICATION, "billing", "billing-2", "_.b"),
                Sample.ofTexts(Setting.BASE_DIR, "omniq-data", "/data/omniq", "my data"),
                Sample.of(
                        Setting.WORKER_QUEUES,
                        List.of("a", "b,a", ""),
                        List.of(List.of("a"), List.of("b", "a"), List.of())),
                Sample.of(
                        Setting.WORKER_QUEUE_PRIORITIES,
                        List.of("a=1", "a=3,b=1", ""),
                        List.of(Map.of("a", 1), Map.of("a", 3, "b", 1), Map.of())),
                Sample.of(Setting.MAX_WORKERS, List.of("1", "20", "300"), List.of(1, 20, 300)),
                Sample.of(Setting.MAX_PAYLOAD, List.of("1024", "2048", "4096"), List.of(1024, 2048, 4096)),
                Sample.of(
                        Setting.WORKER_TYPE,
                        List.of("platform", "virtual", "auto"),
                        List.of(ThreadKind.PLATFORM, ThreadKind.VIRTUAL, ThreadKind.AUTO)),
                Sample.of(
                        Setting.HEARTBEAT_INTERVAL,
                        List.of("1", "PT2S", "0.5"),
                        List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofMillis(500))));
        return Stream.of(backends, times, others).flatMap(samples -> samples).toList();
    }

    @Test
    void thereIsASampleOfEverySetting() {
        assertThat(samples().stream().map(Sample::setting).toList())
                .hasSameSizeAs(Setting.all())
                .containsAll(Setting.all());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everySourceHasTheSameEffect(Sample sample) throws IOException {
        String key = sample.setting().key();
        for (int i = 0; i < 3; i++) {
            String text = sample.texts().get(i);
            OmniQConfig expected = sample.inCode(sample.base(), i).build();
            assertThat(expected.get(sample.setting()))
                    .contains(cast(sample.values().get(i)));

            Map<String, ?> nested = sample.section().isEmpty()
                    ? Map.of(key, text)
                    : Map.of(sample.section(), Map.of(sample.name(), text));
            Properties properties = new Properties();
            properties.setProperty(key, text);
            assertThat(sample.base().map(Map.of(key, text)).build()).isEqualTo(expected);
            assertThat(sample.base().map(nested).build()).isEqualTo(expected);
            assertThat(sample.base().map(Map.of(key, sample.values().get(i))).build())
                    .isEqualTo(expected);
            assertThat(sample.base().properties(properties).build()).isEqualTo(expected);
            assertThat(sample.base().file(file(".properties", key + "=" + text)).build())
                    .isEqualTo(expected);
            assertThat(sample.base()
                            .file(file(".yaml", yaml(sample, "\"" + text + "\"")))
                            .build())
                    .isEqualTo(expected);
            assertThat(sample.base()
                            .file(file(".yml", yaml(sample, yaml(sample.values().get(i)))))
                            .build())
                    .isEqualTo(expected)
                    .hasSameHashCodeAs(expected);
            for (String variable : sample.setting().variables()) {
                assertThat(sample.base().environment(Map.of(variable, text)).build())
                        .as(variable)
                        .isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void codeWinsOverTheEnvironmentAndThatOverFilesAndTheseOverTheDefault(Sample sample) throws IOException {
        Setting<?> setting = sample.setting();
        Path file = file(".properties", setting.key() + "=" + sample.texts().get(0));
        Map<String, String> variables =
                Map.of(setting.variables().get(0), sample.texts().get(1));

        OmniQConfig byDefault = sample.base().build();
        OmniQConfig ofFile = sample.base().file(file).build();
        OmniQConfig ofEnvironment =
                sample.base().environment(variables).file(file).build();
        OmniQConfig ofCode = sample.inCode(sample.base(), 2)
                .environment(variables)
                .file(file)
                .build();

        assertThat(byDefault.get(setting)).isEqualTo(cast(setting.byDefault()));
        assertThat(byDefault.source(setting)).isEqualTo("default");
        assertThat(ofFile.get(setting)).contains(cast(sample.values().get(0)));
        assertThat(ofFile.source(setting)).isEqualTo(file.toString());
        assertThat(ofEnvironment.get(setting)).contains(cast(sample.values().get(1)));
        assertThat(ofEnvironment.source(setting))
                .isEqualTo("environment variable " + setting.variables().get(0));
        assertThat(ofCode.get(setting)).contains(cast(sample.values().get(2)));
        assertThat(ofCode.source(setting)).isEqualTo("code");
    }

    /** The values are of the setting's type, which the compiler does not know. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T> T cast(Object value) {
        return (T) value;
    }

    private Path file(String ending, String text) throws IOException {
        return Files.writeString(directory.resolve("omniq" + ending), text);
    }

    private static String yaml(Sample sample, String value) {
        String line = sample.name() + ": " + value + "\n";
        return sample.section().isEmpty() ? line : sample.section() + ":\n  " + line;
    }

    /** As one would write it in YAML. */
    private static String yaml(Object value) {
        if (value instanceof Collection<?> list) {
            return list.toString();
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + ": " + entry.getValue())
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof Duration time) {
            return BigDecimal.valueOf(time.toMillis(), 3).toString();
        }
        return value instanceof ThreadKind kind
                ? kind.name().toLowerCase(Locale.ROOT)
                : value instanceof String text ? "'" + text + "'" : value.toString();
    }
}
