/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.omniq.DependencyPolicy;
import io.omniq.OmniQBuilder;
import io.omniq.RetryPolicy;
import io.omniq.Scheduled;
import io.omniq.Task;
import io.omniq.TaskOptions;
import io.omniq.Unique;
import io.omniq.backend.file.DirectoryObjectStoreBuilder;
import io.omniq.backend.file.FileBackendBuilder;
import io.omniq.config.WorkerConfig;
import io.omniq.model.CallbackEvent;
import io.omniq.model.NewTask;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskStatus;
import io.omniq.storage.Backend;
import io.omniq.storage.Enqueued;
import io.omniq.storage.EventQuery;
import io.omniq.storage.TaskQuery;
import io.omniq.storage.TaskStorage;
import io.omniq.store.ListRequest;
import io.omniq.store.MemoryObjectStore;
import io.omniq.store.Write;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents say what the code does: as far as a machine can tell. */
class DocsTest {
    private static final Path ROOT = root();
    private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final Pattern SNIPPET =
            Pattern.compile("(?ms)^<!-- snippet: (\\S+)#([\\w-]+) -->\\n```java\\n(.*?)^```$");
    private static final Pattern TEST_OR_MUTATION = Pattern.compile("`([A-Z]\\w+Test|[A-Z]+(?:_[A-Z]+)+)`");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)(?:\\([^`]*\\))?` \\|(.*)\\|$");
    private static final Pattern OBJECT = Pattern.compile("(?ms)^\\*\\*`([^`]+\\.json)`\\*\\*\\n```json\\n(.*?)^```$");

    @Test
    void readmeShowsTheFirstTaskAsItStandsInTheCode() throws IOException {
        String source = read(ROOT.resolve("examples/src/main/java/io/omniq/examples/FirstTask.java"));
        String snippet = source.substring(
                source.indexOf("\n", source.indexOf("// tag::first[]")) + 1, source.indexOf("// end::first[]"));

        String shown = FENCE.matcher(read(ROOT.resolve("README.md")))
                .results()
                .filter(block -> block.group(1).equals("java"))
                .map(block -> block.group(2))
                .findFirst()
                .orElseThrow();

        assertThat(shown.strip()).isEqualTo(snippet.stripIndent().strip());
    }

    @Test
    void snippetsStandInTheCodeAsTheyAreShown() throws IOException {
        int checked = 0;
        for (Path document : documents()) {
            for (MatchResult snippet : SNIPPET.matcher(read(document)).results().toList()) {
                assertThat(snippet.group(3).strip())
                        .as("snippet %s in %s", snippet.group(2), ROOT.relativize(document))
                        .isEqualTo(tagged(ROOT.resolve(snippet.group(1)), snippet.group(2)));
                checked++;
            }
        }

        assertThat(checked).isGreaterThan(10);
    }

    @Test
    void theGuideShowsAllOfTheTenTests() throws IOException {
        String tests = read(ROOT.resolve("omniq-testkit/src/test/java/io/omniq/testkit/user/TenTestsTest.java"));
        String guide = read(ROOT.resolve("docs/guide/testing.md"));

        assertThat(tests.split("\n    @Test\n", -1))
                .as("tests and what stands before them")
                .hasSize(11);
        assertThat(Pattern.compile("(?m)^### \\d+\\. ").matcher(guide).results())
                .hasSize(10);
        assertThat(Pattern.compile("// tag::([\\w-]+)\\[]").matcher(tests).results())
                .allSatisfy(tag -> assertThat(guide).contains("TenTestsTest.java#" + tag.group(1) + " -->"));
    }

    /** What stands between the tags, without the indent. */
    private static String tagged(Path source, String tag) throws IOException {
        String text = read(source);
        String start = "// tag::" + tag + "[]";
        assertThat(text).contains(start, "// end::" + tag + "[]");
        return text.substring(text.indexOf("\n", text.indexOf(start)) + 1, text.indexOf("// end::" + tag + "[]"))
                .stripTrailing()
                .stripIndent()
                .strip();
    }

    @Test
    void readmeNamesExactlyTwoCommands() throws IOException {
        String section = section(read(ROOT.resolve("README.md")), "Two commands");

        List<String> commands = FENCE.matcher(section)
                .results()
                .map(block -> block.group(2).strip())
                .toList();

        assertThat(commands).containsExactly("bin/demo [directory]", "./mvnw verify");
        assertThat(ROOT.resolve("bin/demo")).isExecutable();
        assertThat(ROOT.resolve("mvnw")).isExecutable();
    }

    @Test
    void everyRelativeLinkLeadsToAFileAndItsAnchorToAHeading() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            for (MatchResult link : LINK.matcher(prose(document)).results().toList()) {
                String target = link.group(1);
                if (!target.matches("[a-z]+:.*") && !leadsSomewhere(document, target)) {
                    broken.add(ROOT.relativize(document) + " -> " + target);
                }
            }
        }

        assertThat(broken).as("links that lead nowhere").isEmpty();
    }

    @Test
    void everyTestAndMutationNamedInTheDocumentsExists() throws IOException {
        StringBuilder sources = new StringBuilder();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(DocsTest::isTestSource).toList()) {
                sources.append('\n').append(file.getFileName());
                sources.append(isMutation(file) ? read(file) : "");
            }
        }
        String original = read(ROOT.resolve("docs/reference/original.md"));
        String sections = original.substring(original.indexOf("### Section by section"), original.indexOf("## Models"));
        List<String> named = TEST_OR_MUTATION
                .matcher(read(ROOT.resolve("docs/design/protocol.md")) + sections)
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(named).hasSizeGreaterThan(50);
        assertThat(named)
                .allSatisfy(name -> assertThat(sources)
                        .containsAnyOf(
                                "\n" + name + ".java", "    " + name + " {", "    " + name + "(", "    " + name + ","));
    }

    private static boolean isTestSource(Path file) {
        return file.toString().contains("src/test/java") && file.toString().endsWith(".java");
    }

    private static boolean isMutation(Path file) {
        return file.getFileName().toString().endsWith("Mutation.java");
    }

    @Test
    void everySettingIsAMethodAndEveryMethodASetting() throws IOException {
        Map<String, Set<String>> expected = new LinkedHashMap<>();
        expected.put("`@Task`", names(Task.class, method -> true));
        expected.put("`@Scheduled`", names(Scheduled.class, method -> true));
        expected.put("`TaskOptions`", changers(TaskOptions.class));
        expected.put(
                "`RetryPolicy`",
                Stream.of(RetryPolicy.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .collect(Collectors.toCollection(TreeSet::new)));
        expected.put("`WorkerConfig.Builder`", changers(WorkerConfig.Builder.class));
        expected.put("`OmniQBuilder`", changers(OmniQBuilder.class));
        expected.put("`FileBackendBuilder`", changers(FileBackendBuilder.class));
        expected.put("`DirectoryObjectStoreBuilder`", changers(DirectoryObjectStoreBuilder.class));

        for (Map.Entry<String, Set<String>> type : expected.entrySet()) {
            assertThat(settings(type.getKey()).keySet())
                    .as("settings of " + type.getKey())
                    .containsExactlyInAnyOrderElementsOf(type.getValue());
        }
    }

    @Test
    void annotationDefaultsAreThoseOfTheCode() throws IOException {
        Map<String, String> documented = settings("`@Task`");

        for (Method attribute : Task.class.getDeclaredMethods()) {
            assertThat(documented.get(attribute.getName()))
                    .as("default of " + attribute.getName())
                    .startsWith(text(attribute.getDefaultValue()));
        }
    }

    @Test
    void workerDefaultsAreThoseOfTheCode() throws IOException {
        Map<String, String> documented = settings("`WorkerConfig.Builder`");
        WorkerConfig config = WorkerConfig.ofDefaults();

        assertThat(documented)
                .containsEntry("queues", "the queues of the registered tasks, with equal weights")
                .containsEntry("slots", String.valueOf(config.slots()))
                .containsEntry("threads", "`" + config.threads() + "`")
                .containsEntry("heartbeat", seconds(config.heartbeat(), config.lease()))
                .containsEntry("patience", seconds(config.interruptAfter(), config.stuckAfter()))
                .containsEntry("shutdown", seconds(config.drainTimeout(), config.cancelTimeout()));
    }

    @Test
    void retryDefaultsAreThoseOfTheCode() throws IOException {
        Map<String, String> documented = settings("`RetryPolicy`");
        RetryPolicy policy = RetryPolicy.exponential();

        assertThat(documented.get("initialDelay")).isEqualTo(seconds(policy.initialDelay()));
        assertThat(documented.get("maxDelay")).isEqualTo(policy.maxDelay().toHours() + " h");
        assertThat(documented.get("maxDoublings")).isEqualTo(String.valueOf(policy.maxDoublings()));
        assertThat(documented.get("jitter")).startsWith(String.valueOf(policy.jitter()));
    }

    @Test
    void theStoredObjectsOfTheLayoutCanBeRead() throws IOException {
        String layout = read(ROOT.resolve("docs/reference/layout.md"));
        List<MatchResult> objects = OBJECT.matcher(layout).results().toList();
        MemoryObjectStore store = new MemoryObjectStore(InstantSource.fixed(madeAt(objects)));
        for (MatchResult object : objects) {
            new ObjectMapper().readTree(object.group(2));
            store.write(List.of(Write.create(object.group(1), object.group(2).getBytes(StandardCharsets.UTF_8))));
        }

        try (Backend backend = new Backend(store)) {
            List<TaskRecord> tasks = backend.taskStorage().listTasks(TaskQuery.all());
            assertThat(tasks).hasSize(parts(objects, "tasks/", "/members"));
            assertThat(backend.taskStorage().queueSize("billing"))
                    .as("waiting entries, the blocked one too")
                    .isEqualTo(3);
            assertThat(backend.taskStorage().queueSize("images"))
                    .as("the one that has left its batch")
                    .isEqualTo(1);
            assertThat(backend.resultStorage().listResults(null, 10, 0))
                    .hasSize(parts(objects, "results/", "/outcomes"));
            assertThat(backend.eventStorage().getEvents(EventQuery.all())).isNotEmpty();
            assertThat(backend.scheduleStorage().listSchedules(null)).hasSize(count(objects, "schedules/"));
            assertThat(count(objects, "workers/")).isEqualTo(1);
            assertThat(backend.taskStorage().pausedQueues()).hasSize(count(objects, "locks/paused/"));
            assertThatTheLocksAreObeyed(backend.taskStorage());
            assertThat(store.list(ListRequest.of("locks/quarantine/")).objects())
                    .as("nothing but the example was set aside")
                    .hasSize(count(objects, "locks/quarantine/"));
        }
    }

    @Test
    void everyPublicExceptionIsExplained() throws IOException {
        String errors = read(ROOT.resolve("docs/reference/errors.md"));
        Path sources = ROOT.resolve("omniq-core/src/main/java/io/omniq");
        List<String> exceptions;
        try (Stream<Path> files = Files.walk(sources)) {
            exceptions = files.filter(file -> !file.startsWith(sources.resolve("internal")))
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Exception.java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .toList();
        }

        assertThat(exceptions)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(errors).contains("| `" + name + "`"));
    }

    /** The waiting task hears of the end of the one it waits for; the holder of the unique key is the answer to its like. */
    private static void assertThatTheLocksAreObeyed(TaskStorage tasks) {
        Enqueued again = tasks.enqueue(NewTask.of("reports.render")
                .withArgs(TextNode.valueOf("c-43"))
                .withOptions(TaskOptions.inQueue("reports")
                        .unique(Unique.byArguments(0).period(Duration.ofDays(1)))));
        assertThat(again.created()).as("the unique key of the example").isFalse();
        TaskRecord child = tasks.getTask("mail-2026-11-c-42").orElseThrow();
        assertThat(child.status()).isEqualTo(TaskStatus.PENDING);
        assertThat(child.dependencyPolicy()).isEqualTo(DependencyPolicy.CANCEL);
        assertThat(child.callbacks()).containsOnlyKeys(CallbackEvent.SUCCESS);

        String parent = child.dependencies().get(0);
        tasks.enqueue(NewTask.of("billing.slow")
                .withOptions(TaskOptions.inQueue("billing").id(parent)));
        assertThat(tasks.deleteTask(parent)).isTrue();

        assertThat(tasks.getTask(child.id()).orElseThrow().status())
                .as("told by its marker, and cancelled by its policy")
                .isEqualTo(TaskStatus.CANCELLED);
    }

    /** When the examples were made: unique periods are told by the clock. */
    private static Instant madeAt(List<MatchResult> objects) throws IOException {
        for (MatchResult object : objects) {
            if (object.group(1).startsWith("locks/unique/")) {
                String time = new ObjectMapper()
                        .readTree(object.group(2))
                        .at("/task/created_at")
                        .asText();
                return Instant.parse(time);
            }
        }
        throw new AssertionError("there is no example of a unique key");
    }

    /** How many tasks, or outcomes, the examples show: an object has one, or an array of them. */
    private static int parts(List<MatchResult> objects, String prefix, String array) throws IOException {
        int parts = 0;
        for (MatchResult object : objects) {
            if (object.group(1).startsWith(prefix)) {
                JsonNode there = new ObjectMapper().readTree(object.group(2)).at(array);
                parts += there.isArray() ? there.size() : 1;
            }
        }
        return parts;
    }

    private static int count(List<MatchResult> objects, String prefix) {
        return (int) objects.stream()
                .filter(object -> object.group(1).startsWith(prefix))
                .count();
    }

    private static Set<String> names(Class<?> type, Predicate<Method> wanted) {
        return Stream.of(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .filter(wanted)
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The methods that set something: those that return their own type. */
    private static Set<String> changers(Class<?> type) {
        return names(type, method -> method.getReturnType() == type && !Modifier.isStatic(method.getModifiers()));
    }

    /** The settings of one heading, with the last column of their rows. */
    private static Map<String, String> settings(String heading) throws IOException {
        String section = section(read(ROOT.resolve("docs/reference/settings.md")), heading);
        Map<String, String> rows = new LinkedHashMap<>();
        ROW.matcher(section).results().forEach(row -> {
            String[] cells = row.group(2).split(" \\|");
            rows.put(row.group(1), cells[cells.length - 1].strip());
        });
        return rows;
    }

    private static String text(Object value) {
        if (value == null) {
            return "required";
        }
        if (value.getClass().isArray()) {
            assertThat(Array.getLength(value)).isZero();
            return "`{}`";
        }
        if (value instanceof Class<?> type) {
            return "`" + type.getSimpleName() + ".class`";
        }
        return value instanceof String ? "`\"" + value + "\"`" : "`" + value + "`";
    }

    private static String seconds(Duration... durations) {
        return Stream.of(durations).map(duration -> duration.toSeconds() + " s").collect(Collectors.joining(", "));
    }

    private static String section(String document, String heading) {
        String start = "\n## " + heading + "\n";
        assertThat(document).contains(start);
        String rest = document.substring(document.indexOf(start) + start.length());
        int end = rest.indexOf("\n## ");
        return end < 0 ? rest : rest.substring(0, end);
    }

    private static boolean leadsSomewhere(Path document, String target) throws IOException {
        int hash = target.indexOf('#');
        String path = hash < 0 ? target : target.substring(0, hash);
        Path file = path.isEmpty() ? document : document.resolveSibling(path).normalize();
        if (!file.startsWith(ROOT) || !Files.exists(file)) {
            return false;
        }
        return hash < 0 || anchors(file).contains(target.substring(hash + 1));
    }

    /** Anchors as the usual hosts make them: lower case, spaces as hyphens, other punctuation dropped. */
    private static Set<String> anchors(Path file) throws IOException {
        return HEADING.matcher(prose(file))
                .results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT).strip())
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> below = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(top, below)
                    .filter(file -> file.getFileName().toString().endsWith(".md"))
                    .toList();
        }
    }

    private static String prose(Path document) throws IOException {
        return FENCE.matcher(read(document)).replaceAll("");
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file).replace("\r\n", "\n");
    }

    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("mvnw"))) {
            at = at.getParent();
        }
        return at;
    }
}
