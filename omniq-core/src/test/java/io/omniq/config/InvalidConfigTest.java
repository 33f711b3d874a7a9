/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.omniq.OmniQException;
import io.omniq.config.WorkerConfig.ThreadKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that can be wrong with settings, and how it is said. */
class InvalidConfigTest {
    @TempDir
    Path directory;

    private static List<String> problems(OmniQConfig.Builder builder) {
        InvalidConfigException refused = catchThrowableOfType(InvalidConfigException.class, builder::build);
        assertThat(refused).isInstanceOf(OmniQException.class);
        assertThat(refused)
                .hasMessageStartingWith("the configuration does not fit: problems="
                        + refused.problems().size());
        refused.problems().forEach(problem -> assertThat(refused).hasMessageContaining("\n- " + problem));
        return refused.problems();
    }

    private static List<String> ofMap(Map<String, ?> map) {
        return problems(OmniQConfig.builder().map(map));
    }

    private static List<String> ofEnvironment(Map<String, String> variables) {
        return problems(OmniQConfig.builder().environment(variables));
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private List<String> ofFile(Path file) {
        return problems(OmniQConfig.builder().file(file)).stream()
                .map(problem -> problem.replace(file.toString(), "FILE"))
                .toList();
    }

    @Test
    void oneErrorListsEveryProblemOfEverySource() throws IOException {
        Path yaml = file("omniq.yaml", "worker:\n  max_worker: 5\n  lease: soon\nevents: memory\n");

        List<String> found = problems(OmniQConfig.builder()
                .file(yaml)
                .map(Map.of("max_payload", 1))
                .environment(Map.of("OMNIQ_MAX_WORKERS", "0", "OMNIQ_TASK_QUEUE_URL", "gs://bucket/prefix"))
                .set(Setting.POLL_INTERVAL, Duration.ZERO));

        assertThat(found)
                .containsExactlyInAnyOrder(
                        "unknown key; did you mean worker.max_workers: key=worker.max_worker value=5 source=" + yaml,
                        "must be a duration from 300 ms to 1 h, in seconds or as ISO-8601: key=worker.lease value=soon source="
                                + yaml,
                        "events must be a section, with type, url, options below it: source=" + yaml,
                        "must be a whole number from 1024 to 67108864: key=max_payload value=1 source=map",
                        "must be a whole number from 1 to 10000: key=worker.max_workers value=0"
                                + " source=environment variable OMNIQ_MAX_WORKERS",
                        "must be a duration from 10 ms to 1 h, in seconds or as ISO-8601: key=worker.poll_interval value=PT0S"
                                + " source=code",
                        "no module here knows this type, add the Maven artifact io.omniq:omniq-backend-gcs: key=tasks.url"
                                + " value=gs://bucket/prefix source=environment variable OMNIQ_TASK_QUEUE_URL");
    }

    @Test
    void aValueThatDoesNotFitIsReportedEvenWhereAnotherSourceWins() {
        assertThat(problems(OmniQConfig.builder()
                        .map(Map.of("worker.max_workers", "many"))
                        .set(Setting.MAX_WORKERS, 5)))
                .containsExactly(
                        "must be a whole number from 1 to 10000: key=worker.max_workers value=many source=map");
    }

    @ParameterizedTest
    @CsvSource({
        "worker.max_worker, worker.max_workers",
        "max_workers, worker.max_workers",
        "worker.maxWorkers, worker.max_workers",
        "worker.poll-interval, worker.poll_interval",
        "worker.heartbeat, worker.heartbeat_interval",
        "task.url, tasks.url",
        "backend.uri, backend.url",
        "resultTtl, result_ttl",
        "max_payloads, max_payload"
    })
    void namesTheNearestKey(String key, String nearest) {
        assertThat(ofMap(Map.of(key, "5")))
                .containsExactly("unknown key; did you mean " + nearest + ": key=" + key + " value=5 source=map");
    }

    @Test
    void namesTheNearestVariable() {
        assertThat(ofEnvironment(Map.of("OMNIQ_MAX_WORKER", "5", "PATH", "/bin")))
                .containsExactly(
                        "unknown key; did you mean OMNIQ_MAX_WORKERS: key=OMNIQ_MAX_WORKER value=5 source=environment");
    }

    @Test
    void namesNothingWhereNothingIsNear() {
        assertThat(ofMap(Map.of("colour", "red", "colours", Map.of("sky", "blue"))))
                .containsExactlyInAnyOrder(
                        "unknown key: key=colour value=red source=map", "unknown key: key=colours source=map");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OMNIQ_TASK_TIMEOUT | it is a task's: @Task(timeout = …) or TaskOptions",
                "OMNIQ_TASK_TTL | it is a task's: @Task(ttl = …) or TaskOptions",
                "OMNIQ_RETRY_ATTEMPTS | it is a task's: @Task(maxAttempts = …) or TaskOptions",
                "OMNIQ_RETRY_DELAY | it is a task's: @Task(retryDelay = …) or TaskOptions",
                "OMNIQ_DEFAULT_QUEUE | it is a task's: @Task(queue = …) or TaskOptions",
                "OMNIQ_PROCESS_WORKERS | there are no worker processes; start the program several times",
                "OMNIQ_S3_BUCKET | there is no S3 backend",
                "OMNIQ_S3_PREFIX | there is no S3 backend",
                "OMNIQ_PROJECT_NAME | projects are kept apart by their directory or prefix",
                "OMNIQ_LOG_LEVEL | logging is set up with the SLF4J provider, for io.omniq",
                "OMNIQ_DISABLE_LOGGING | logging is set up with the SLF4J provider, for io.omniq",
                "OMNIQ_COMPONENT_LOG_LEVELS | logging is set up with the SLF4J provider, for io.omniq"
            })
    void saysWhatToDoInsteadOfTheOriginalsVariables(String name, String remedy) {
        assertThat(ofEnvironment(Map.of(name, "1")))
                .containsExactly("unknown key; " + remedy + ": key=" + name + " value=1 source=environment");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "task_queue_backend | here the section is called tasks, with type, url and options",
                "result_store | here the section is called results, with type, url and options",
                "event_storage | here the section is called events, with type, url and options",
                "schedule_storage_backend | here the section is called schedules, with type, url and options",
                "tasks.backend_type | here it is called type",
                "tasks.config | here it is called options",
                "default_result_ttl | here it is called result_ttl",
                "default_ttl | it is a task's: @Task(ttl = …) or TaskOptions",
                "worker.task_timeout | it is a task's: @Task(timeout = …) or TaskOptions",
                "worker.max_retries | it is a task's: @Task(maxAttempts = …) or TaskOptions",
                "worker.batch_size | a worker takes as many tasks as it has free slots",
                "worker.metrics_enabled | OmniQ.status() is always there",
                "queue_routing_strategy | use worker.queues for a strict order, worker.queue_priorities for weights",
                "global_max_priority | priorities are -100 to 100 everywhere"
            })
    void saysWhatToDoInsteadOfTheOriginalsKeys(String key, String remedy) {
        assertThat(ofMap(Map.of(key, "1")))
                .containsExactly("unknown key; " + remedy + ": key=" + key + " value=1 source=map");
    }

    @Test
    void theServiceLinksOfKubernetesAreNoSettings() {
        OmniQConfig config = OmniQConfig.builder()
                .environment(Map.of(
                        "OMNIQ_SERVICE_HOST", "10.0.0.1",
                        "OMNIQ_SERVICE_PORT", "80",
                        "OMNIQ_SERVICE_PORT_HTTP", "80",
                        "OMNIQ_PORT", "tcp://10.0.0.1:80",
                        "OMNIQ_PORT_80_TCP_ADDR", "10.0.0.1",
                        "OMNIQ_WEB_SERVICE_HOST", "10.0.0.2",
                        "OMNIQ_WEB_PORT_80_TCP", "tcp://10.0.0.2:80"))
                .build();

        assertThat(config).isEqualTo(OmniQConfig.builder().build());
    }

    @ParameterizedTest
    @CsvSource({
        "max_payload, big, a whole number from 1024 to 67108864",
        "result_ttl, 0, 'a duration longer than 0, at most 36500 days, in seconds or as ISO-8601'",
        "worker.worker_type, process, 'one of auto, platform, virtual, async, thread, gevent'",
        "worker.queues, 'a/b', 'queue names, each once: a list, or text with commas'",
        "worker.queue_priorities, high, 'queue names with weights from 1 to 1000: a section, or text such as high=3,low=1'",
        "application, 'a b', '1 to 128 of letters, digits, ''_'', ''-'', ''.'', not starting with ''.'''",
        "backend.url, '', a backend's URL",
        "base_dir, ' ', a directory"
    })
    void saysWhatAValueMustBe(String key, String value, String expectation) {
        String shown = value.isEmpty() ? "" : " value=" + value;
        assertThat(ofMap(Map.of(key, value)))
                .containsExactly("must be " + expectation + ": key=" + key + shown + " source=map");
    }

    @Test
    void aStructureWhereAValueBelongsIsNotShown() {
        assertThat(ofMap(Map.of("backend", Map.of("url", Map.of("password", "hunter2")))))
                .containsExactly("must be a backend's URL: key=backend.url value=*** source=map");
    }

    @Test
    void aLeaseMustLastForThreeHeartbeats() {
        assertThat(ofMap(Map.of("worker.heartbeat_interval", 30)))
                .containsExactly(
                        "worker.lease must be at least 3 times worker.heartbeat_interval, PT1M30S here; it is PT35S:"
                                + " key=worker.heartbeat_interval value=PT30S source=map");
        assertThat(problems(OmniQConfig.builder()
                        .map(Map.of("worker.heartbeat_interval", 30))
                        .environment(Map.of("OMNIQ_WORKER_LEASE", "60"))))
                .containsExactly(
                        "worker.lease must be at least 3 times worker.heartbeat_interval, PT1M30S here; it is PT1M:"
                                + " key=worker.lease value=PT1M source=environment variable OMNIQ_WORKER_LEASE");
    }

    @Test
    void queuesHaveAnOrderOrWeights() {
        Map<String, String> both = Map.of("worker.queues", "a,b", "worker.queue_priorities", "a=1");

        assertThat(ofMap(both))
                .containsExactly("cannot be given together with worker.queues (map); leave one of them out, or empty:"
                        + " key=worker.queue_priorities value=a=1 source=map");
        OmniQConfig cleared = OmniQConfig.builder()
                .map(both)
                .environment(Map.of("OMNIQ_WORKER_QUEUES", ""))
                .build();
        assertThat(cleared.worker().queueOrder()).isEqualTo(WorkerConfig.QueueOrder.WEIGHTED);
        assertThat(cleared.worker().queues()).containsExactly("a");
    }

    @Test
    void aBackendsModuleMayBeMissing() {
        assertThat(ofMap(Map.of("backend.url", "file:///data", "results.type", "gcs", "base_dir", "unused")))
                .containsExactly(
                        "is of no use, because no backend of type file is without a URL; leave it out: key=base_dir"
                                + " value=unused source=map",
                        "no module here knows this type, add the Maven artifact io.omniq:omniq-backend-file:"
                                + " key=backend.url value=file:///data source=map",
                        "no module here knows this type, add the Maven artifact io.omniq:omniq-backend-gcs:"
                                + " key=results.type value=gcs source=map");
        assertThat(ofMap(Map.of("tasks.type", "postgres")))
                .containsExactly(
                        "no backend has this type, known are file, gcs, gs, memory; others need a BackendProvider:"
                                + " key=tasks.type value=postgres source=map");
        assertThat(ofEnvironment(Map.of("OMNIQ_BASE_DIR", "data")))
                .containsExactly("no module here knows this type, add the Maven artifact io.omniq:omniq-backend-file:"
                        + " key=base_dir value=data source=environment variable OMNIQ_BASE_DIR");
    }

    @Test
    void aBackendsUrlMustBeOne() {
        assertThat(ofMap(Map.of("backend.url", "data/omniq")))
                .containsExactly("must be a URL, such as memory:, file:///data/omniq or gs://bucket/prefix:"
                        + " key=backend.url value=data/omniq source=map");
        assertThat(ofMap(Map.of("backend.url", "file:///my data")))
                .containsExactly(
                        "must be a URL, such as memory:, file:///data/omniq or gs://bucket/prefix; illegal character in"
                                + " path at index 10 (a space is written as %20): key=backend.url value=file:///my data source=map");
        assertThat(ofMap(Map.of("backend.type", "no type")))
                .containsExactly("must be a backend's type, such as memory, file or gcs: key=backend.type value=no type"
                        + " source=map");
    }

    @Test
    void typeAndUrlMustAgree() {
        assertThat(ofMap(Map.of("tasks", Map.of("type", "file", "url", "memory:"))))
                .containsExactly("is not the type of tasks.url; leave it out, or change one: key=tasks.type value=file"
                        + " source=map");
    }

    @Test
    void optionsNeedABackend() {
        assertThat(ofMap(Map.of("tasks.options.durability", "power_loss")))
                .containsExactly("needs tasks.url or tasks.type: key=tasks.options value=*** source=map");
        assertThat(ofMap(Map.of("tasks.url", "memory:", "tasks.options", Map.of("size", 5))))
                .containsExactly("unknown option; this backend has none: key=tasks.options.size value=*** source=map");
    }

    @Test
    void secretsAreNeverShown() throws IOException {
        Path broken = file("broken.yaml", "token: \"hunter2\nx: [");
        Map<String, Object> map = new HashMap<>();
        map.put("tokn", "hunter2");
        map.put("db_password", "hunter2");
        map.put("backend.optoins.token", "hunter2");
        map.put("backend.options", List.of("hunter2"));
        map.put("tasks.url", "redis://user:hunter2@host/0?password=hunter2");
        map.put("results.url", "redis://user:hunter2@ho st/?x=hunter2");
        map.put("events", Map.of("url", "memory:", "options", Map.of("token", "hunter2")));
        map.put("schedules.options", "token=hunter2");
        map.put("urrl", "http://user:hunter2@host?key=hunter2");

        InvalidConfigException refused = catchThrowableOfType(
                InvalidConfigException.class,
                OmniQConfig.builder()
                                .file(broken)
                                .map(map)
                                .environment(
                                        Map.of("OMNIQ_BACKEND_TOKEN", "hunter2", "OMNIQ_TASK_QUEUE_OPTIONS", "hunter2"))
                        ::build);

        assertThat(refused.problems()).hasSizeGreaterThanOrEqualTo(10);
        assertThat(refused).hasMessageNotContaining("hunter2");
        assertThat(refused.getCause()).isNull();
    }

    @Test
    void twoVariablesOfOneSettingMustAgree() {
        assertThat(ofEnvironment(Map.of("OMNIQ_MAX_WORKERS", "5", "OMNIQ_GEVENT_WORKERS", "100")))
                .containsExactly(
                        "has another value in OMNIQ_MAX_WORKERS; set only one: key=worker.max_workers value=100"
                                + " source=environment variable OMNIQ_GEVENT_WORKERS");
        assertThat(OmniQConfig.builder()
                        .environment(Map.of("OMNIQ_MAX_WORKERS", "5", "OMNIQ_THREAD_WORKERS", "5"))
                        .build()
                        .get(Setting.MAX_WORKERS))
                .contains(5);
    }

    @Test
    void aKeyIsGivenOnceInASource() {
        Map<String, Object> twice = Map.of("worker.max_workers", 5, "worker", Map.of("max_workers", 6));

        assertThat(ofMap(twice))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("is given twice in the same source:" + " key=worker.max_workers value=");
    }

    @Test
    void aFileMustBeThere() {
        assertThat(ofFile(directory.resolve("none.yaml"))).containsExactly("there is no such file: source=FILE");
        assertThat(ofFile(directory.resolve("none.properties"))).containsExactly("there is no such file: source=FILE");
        assertThat(ofFile(directory.resolve("omniq.json")))
                .containsExactly("the file's name must end with .yaml, .yml or .properties: source=FILE");
    }

    @Test
    void aFileMustBeReadable() throws IOException {
        Path latin =
                Files.write(directory.resolve("latin.yaml"), "base_dir: bücher".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(ofFile(latin)).containsExactly("the file is not in UTF-8: source=FILE");
        assertThat(ofFile(file("broken.yaml", "worker:\n  queues: [a\nx: y")))
                .containsExactly(
                        "the file cannot be read as YAML, something is wrong at line 3, column 2: source=FILE");
        assertThat(ofFile(file("list.yaml", "- a\n- b")))
                .containsExactly(
                        "the file cannot be read as YAML, it must have keys with values at its top: source=FILE");
        assertThat(ofFile(file("twice.yml", "max_payload: 1024\nmax_payload: 2048")))
                .containsExactly(
                        "the file cannot be read as YAML, something is wrong at line 2, column 1: source=FILE");
        assertThat(ofFile(file("two.yaml", "max_payload: 1024\n---\nmax_payload: 2048")))
                .singleElement()
                .asString()
                .startsWith("the file cannot be read as YAML, something is wrong at line 2");
        assertThat(ofFile(file("broken.properties", "base_dir=\\u12")))
                .containsExactly("the file is no properties file, Malformed \\uxxxx encoding.: source=FILE");
        assertThat(ofFile(Files.createDirectory(directory.resolve("directory.yaml"))))
                .singleElement()
                .asString()
                .startsWith("the file cannot be read, ");
    }

    @Test
    void yamlMakesNoObjects() throws IOException {
        assertThat(ofFile(file("evil.yaml", "base_dir: !!java.net.URL [\"http://localhost/\"]")))
                .singleElement()
                .asString()
                .startsWith("the file cannot be read as YAML, something is wrong at line 1");
        String bomb =
                "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
                        + "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
                        + "f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n";
        assertThat(ofFile(file("bomb.yaml", bomb)))
                .containsExactly("the file cannot be read as YAML, it uses what is not supported here, or is too large:"
                        + " source=FILE");
    }

    @Test
    void propertiesAreTexts() {
        Properties properties = new Properties();
        properties.put("max_payload", List.of());

        assertThat(problems(OmniQConfig.builder().properties(properties)))
                .containsExactly(
                        "must be a whole number from 1024 to 67108864: key=max_payload value=*** source=properties");
    }

    @Test
    void whatIsFoundOnceIsFoundAgain() {
        OmniQConfig.Builder builder = OmniQConfig.builder().set(Setting.MAX_WORKERS, 0);

        assertThat(problems(builder)).hasSize(1);
        assertThat(problems(builder.set(Setting.WORKER_TYPE, ThreadKind.AUTO))).hasSize(1);
    }
}
