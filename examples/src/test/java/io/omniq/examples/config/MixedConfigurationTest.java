/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.config.InvalidConfigException;
import io.omniq.config.OmniQConfig;
import io.omniq.gcs.emulator.GcsEmulator;
import io.omniq.storage.Backend;
import io.omniq.storage.BackendAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Backends of every type by URL, mixed, from the class path. */
class MixedConfigurationTest {
    private static final List<String> STORAGES = List.of("tasks", "results", "events", "schedules");
    private static final List<String> TYPES = List.of("memory", "file", "gs");

    @TempDir
    Path directory;

    /** A task. */
    public static final class Echo {
        @Task("echo")
        public String echo(String text) {
            return text;
        }
    }

    static Stream<List<String>> mixtures() {
        Stream<List<String>> mixtures = Stream.of(List.of());
        for (int i = 0; i < 2; i++) {
            mixtures = mixtures.flatMap(some -> TYPES.stream().map(type -> append(some, type)));
        }
        // Tasks and results in all nine ways; the two others take what is left, so that each is everywhere once.
        return mixtures.map(two -> append(append(two, next(two.get(1))), next(two.get(0))));
    }

    private static String next(String type) {
        return TYPES.get((TYPES.indexOf(type) + 1) % TYPES.size());
    }

    private static List<String> append(List<String> some, String one) {
        return Stream.concat(some.stream(), Stream.of(one)).toList();
    }

    @ParameterizedTest
    @MethodSource("mixtures")
    void eachStorageMayBeAnywhere(List<String> types) {
        try (GcsEmulator emulator = GcsEmulator.builder().bucket("b").start()) {
            Map<String, String> urls = Map.of(
                    "memory",
                    "memory:",
                    "file",
                    directory.resolve("data").toUri().toString(),
                    "gs",
                    "gs://b/p");
            OmniQConfig.Builder builder =
                    OmniQConfig.builder().map(Map.of("worker.poll_interval", 0.05, "worker.max_workers", 1));
            for (int i = 0; i < 4; i++) {
                builder.map(Map.of(STORAGES.get(i) + ".url", urls.get(types.get(i))));
                if (types.get(i).equals("gs")) {
                    builder.map(Map.of(STORAGES.get(i) + ".options", Map.of("endpoint_url", emulator.endpoint())));
                }
            }
            Echo echo = new Echo();

            String id;
            OmniQConfig config = builder.build();
            try (OmniQ omniq = OmniQ.builder().config(config).register(echo).build()) {
                omniq.start();
                var handle = omniq.enqueue(echo::echo, "hello");
                assertThat(handle.await(Duration.ofSeconds(30))).isEqualTo("hello");
                id = handle.id();
            }

            assertThat(stored(config.tasks().orElseThrow(), "tasks/" + id + ".json"))
                    .isEqualTo(!types.get(0).equals("memory"));
            assertThat(stored(config.results().orElseThrow(), "results/" + id + ".json"))
                    .isEqualTo(!types.get(1).equals("memory"));
        }
    }

    private static boolean stored(BackendAddress address, String key) {
        try (Backend backend = address.open()) {
            return backend.store().get(key).isPresent();
        }
    }

    @Test
    void theOriginalsVariablesNameTypeAndPath() {
        OmniQConfig config = OmniQConfig.builder()
                .environment(Map.of(
                        "OMNIQ_TASK_QUEUE_TYPE", "file",
                        "OMNIQ_RESULT_STORAGE_TYPE", "file",
                        "OMNIQ_RESULT_STORAGE_URL", "./my results",
                        "OMNIQ_EVENT_STORAGE_TYPE", "memory",
                        "OMNIQ_SCHEDULE_STORAGE_TYPE", "gcs",
                        "OMNIQ_SCHEDULE_STORAGE_URL", "gs://bucket/schedules",
                        "OMNIQ_BASE_DIR", directory.toString()))
                .build();

        assertThat(config.tasks()).contains(BackendAddress.of("file", directory.toString()));
        assertThat(config.results()).contains(BackendAddress.of("file:./my%20results"));
        assertThat(config.events()).contains(BackendAddress.of("memory:"));
        assertThat(config.schedules()).contains(BackendAddress.of("gs://bucket/schedules"));
        assertThat(config.backend()).contains(BackendAddress.of("file", directory.toString()));
    }

    @Test
    void theBaseDirectoryAloneIsTheCommonBackend() {
        OmniQConfig config = OmniQConfig.builder()
                .environment(Map.of("OMNIQ_BASE_DIR", directory.resolve("base").toString()))
                .build();
        try (OmniQ omniq = OmniQ.builder().config(config).build()) {
            omniq.enqueue("echo", "hello");
        }

        assertThat(directory.resolve("base").resolve("tasks")).isNotEmptyDirectory();
    }

    @Test
    void checkingOpensNothing() {
        Path data = directory.resolve("none");

        OmniQConfig.builder()
                .map(Map.of("backend.url", data.toUri().toString(), "results.url", "gs://no-such-bucket"))
                .build();

        assertThat(Files.exists(data)).isFalse();
    }

    @Test
    void everyProblemOfUrlsAndOptionsIsInTheOneError() {
        InvalidConfigException refused = catchThrowableOfType(
                InvalidConfigException.class,
                OmniQConfig.builder()
                        .map(Map.of("tasks.url", "file://data/omniq", "tasks.options.durabilty", "power_loss"))
                        .map(Map.of(
                                "results.url", "gs:bucket", "results.options", Map.of("acess", "x", "connections", 0)))
                        .map(Map.of("events.url", "gs://b", "events.options", "token=hunter2\0,consistency=sha"))
                        .map(Map.of("schedules.type", "file"))
                        .environment(Map.of("OMNIQ_BACKEND_TYPE", "gcs", "OMNIQ_BACKEND_URL", "file:///data"))::build);

        assertThat(refused.problems())
                .containsExactlyInAnyOrder(
                        "is not the type of backend.url; leave it out, or change one: key=backend.type value=gcs"
                                + " source=environment variable OMNIQ_BACKEND_TYPE",
                        "unknown option; did you mean tasks.options.durability: key=tasks.options.durabilty value=***"
                                + " source=map",
                        "must name a local directory, with three slashes or none: file:///data/omniq: key=tasks.url"
                                + " value=file://data/omniq source=map",
                        "unknown option; did you mean results.options.access: key=results.options.acess value=*** source=map",
                        "must be gs://bucket/prefix: key=results.url value=gs:bucket source=map",
                        "does not fit: connections must be 1 to 1000: connections=0: key=results.options.connections value=0"
                                + " source=map",
                        "must be the path of a key file: key=events.options.token value=*** source=map",
                        "must be a text, one of crc32c, md5, size, none: key=events.options.consistency value=sha source=map",
                        "must name a directory, such as file:///data/omniq or file:omniq-data: key=schedules.type value=file"
                                + " source=map");
    }

    @Test
    void oneUrlHasOneSetOfOptions() {
        InvalidConfigException refused = catchThrowableOfType(
                InvalidConfigException.class,
                OmniQConfig.builder()
                        .map(Map.of("backend.url", "file:///data"))
                        .map(Map.of("tasks.url", "file:///data", "tasks.options.durability", "power_loss"))::build);

        assertThat(refused.problems())
                .containsExactly("the same URL is named elsewhere with other options; give both the same:"
                        + " key=tasks.options value=*** source=map");
    }
}
