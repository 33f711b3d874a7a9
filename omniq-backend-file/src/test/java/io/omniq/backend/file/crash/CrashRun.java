/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts a producer and workers as processes of their own on one directory, kills them with SIGKILL, or stops them with
 * SIGSTOP for longer than their lease, at random moments, and afterwards compares what was acknowledged with what is
 * recorded.
 */
final class CrashRun {
    private static final int WORKERS = 3;
    private static final Duration DRAIN = Duration.ofSeconds(120);

    private final Path directory;
    private final Random random;
    private final List<Child> children = new ArrayList<>();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    /** Started attempts, as {@code "<task> <attempt>"}. */
    private final Set<String> started = ConcurrentHashMap.newKeySet();

    private final Set<String> startedTwice = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> orphanedAt = new ConcurrentHashMap<>();
    private final List<Double> recoveries = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> firstSeen = new HashMap<>();
    private int kills;

    CrashRun(Path directory, long seed) {
        this.directory = directory;
        this.random = new Random(seed);
    }

    /** What a run came to. */
    record Summary(
            int acknowledged,
            Set<String> lost,
            Set<String> doubleRecorded,
            Set<String> startedTwice,
            Set<String> left,
            int kills,
            List<Double> recoveries) {
        String json() {
            return String.format(
                    Locale.ROOT,
                    "{\"acknowledged\":%d, \"lost\":%d, \"double_recorded\":%d, \"kills\":%d, "
                            + "\"recovery_p50_s\":%.2f, \"recovery_max_s\":%.2f}",
                    acknowledged,
                    lost.size(),
                    doubleRecorded.size(),
                    kills,
                    percentile(0.5),
                    percentile(1));
        }

        private double percentile(double part) {
            List<Double> sorted = recoveries.stream().sorted().toList();
            return sorted.isEmpty() ? 0 : sorted.get((int) Math.ceil(part * sorted.size()) - 1);
        }
    }

    private final class Child {
        final String role;
        final Process process;
        final Set<String> running = ConcurrentHashMap.newKeySet();
        final Thread reader;

        Child(String role) throws IOException {
            this.role = role;
            this.process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            classPath(),
                            CrashChild.class.getName(),
                            role,
                            directory.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            this.reader = new Thread(this::read, "reader");
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    said(line.split(" "));
                }
            } catch (IOException e) {
                // the pipe of a killed process: what it said before has been read
            }
        }

        private void said(String[] words) {
            switch (words[0]) {
                case "acknowledged" -> acknowledged.add(words[1]);
                case "start" -> {
                    running.add(words[1]);
                    if (!started.add(words[1] + " " + words[2])) {
                        startedTwice.add(words[1] + " " + words[2]);
                    }
                    Long orphaned = orphanedAt.remove(words[1]);
                    if (orphaned != null) {
                        recoveries.add((System.nanoTime() - orphaned) / 1e9);
                    }
                }
                case "end" -> running.remove(words[1]);
                default -> {}
            }
        }

        void kill() throws InterruptedException {
            long now = System.nanoTime();
            process.destroyForcibly().waitFor();
            reader.join();
            running.forEach(task -> orphanedAt.put(task, now));
        }

        void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        }
    }

    /** With a module path, as under Maven, the modules are on no class path; both together are everything. */
    private static String classPath() {
        String modules = System.getProperty("jdk.module.path", "");
        String patched = System.getProperty("omniq.test.classpath", "");
        return String.join(
                java.io.File.pathSeparator, List.of(System.getProperty("java.class.path"), modules, patched));
    }

    Summary run(Duration length) throws IOException, InterruptedException {
        children.add(new Child("producer"));
        for (int i = 0; i < WORKERS; i++) {
            children.add(new Child("worker"));
        }
        long end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() < end) {
            pause(Duration.ofMillis(300 + random.nextInt(1500)));
            if (random.nextInt(4) == 0) {
                stall();
            } else {
                kill();
            }
            look();
        }
        for (Child child : children) {
            if (child.role.equals("producer")) {
                child.kill();
            }
        }
        drain();
        Set<String> left = entries();
        for (Child child : children) {
            child.kill();
        }
        return summary(left);
    }

    private void kill() throws IOException, InterruptedException {
        int victim = random.nextInt(children.size());
        Child child = children.get(victim);
        child.kill();
        kills++;
        children.set(victim, new Child(child.role));
    }

    /** A zombie: it comes back when others have long taken over. */
    private void stall() throws IOException, InterruptedException {
        Child child = children.get(1 + random.nextInt(WORKERS));
        child.signal("STOP");
        pause(Duration.ofMillis(4500));
        child.signal("CONT");
    }

    private static void pause(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private void drain() throws IOException {
        long end = System.nanoTime() + DRAIN.toNanos();
        while (System.nanoTime() < end && (!entries().isEmpty() || !missing().isEmpty())) {
            pause(Duration.ofMillis(200));
            look();
        }
    }

    /** Remembers every outcome when it is first seen; none may ever look different. */
    private void look() throws IOException {
        for (Map.Entry<String, String> result : results().entrySet()) {
            firstSeen.putIfAbsent(result.getKey(), result.getValue());
        }
    }

    private Map<String, String> results() throws IOException {
        Map<String, String> results = new HashMap<>();
        for (Path file : files("results")) {
            String name = file.getFileName().toString();
            String id = name.substring(0, name.length() - ".json".length());
            if (!firstSeen.containsKey(id)) {
                read(file).ifPresent(text -> results.put(id, text));
            }
        }
        return results;
    }

    private static java.util.Optional<String> read(Path file) throws IOException {
        try {
            return java.util.Optional.of(Files.readString(file));
        } catch (NoSuchFileException e) {
            return java.util.Optional.empty();
        }
    }

    private List<Path> files(String folder) throws IOException {
        Path root = directory.resolve(folder);
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (var walk = Files.walk(root)) {
            return walk.filter(file -> file.toString().endsWith(".json")).toList();
        } catch (UncheckedIOException e) {
            return List.of(); // something vanished under the walk: look again later
        }
    }

    private Set<String> entries() throws IOException {
        Set<String> names = new TreeSet<>();
        files("queues").forEach(file -> names.add(file.getFileName().toString()));
        return names;
    }

    private Set<String> missing() {
        Set<String> missing = new TreeSet<>(acknowledged);
        missing.removeAll(firstSeen.keySet());
        return missing;
    }

    private Summary summary(Set<String> left) throws IOException {
        look();
        Set<String> changed = new TreeSet<>();
        for (Map.Entry<String, String> first : firstSeen.entrySet()) {
            Path file = directory.resolve("results").resolve(first.getKey() + ".json");
            if (!first.getValue().equals(read(file).orElse("gone"))) {
                changed.add(first.getKey());
            }
        }
        return new Summary(
                acknowledged.size(),
                missing(),
                changed,
                new TreeSet<>(startedTwice),
                left,
                kills,
                List.copyOf(recoveries));
    }

    /**
     * {@code --seconds N [--store file] [--seed S]}; the last line is one JSON object.
     *
     * @param args the options
     * @throws Exception when a process cannot be started
     */
    public static void main(String[] args) throws Exception {
        long seconds = 60;
        long seed = System.nanoTime();
        for (int i = 0; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--seconds" -> seconds = Long.parseLong(args[i + 1]);
                case "--seed" -> seed = Long.parseLong(args[i + 1]);
                case "--store" -> requireFile(args[i + 1]);
                default -> throw new IllegalArgumentException("unknown option: " + Arrays.toString(args));
            }
        }
        Path directory = Files.createTempDirectory("omniq-crash");
        Summary summary = new CrashRun(directory, seed).run(Duration.ofSeconds(seconds));
        boolean good = summary.lost().isEmpty()
                && summary.doubleRecorded().isEmpty()
                && summary.startedTwice().isEmpty()
                && summary.left().isEmpty()
                && summary.acknowledged() > 0;
        if (!good) {
            System.out.println("seed=" + seed + " directory=" + directory + " " + summary);
        }
        System.out.println(summary.json());
        System.exit(good ? 0 : 1);
    }

    private static void requireFile(String store) {
        if (!store.equals("file")) {
            throw new IllegalArgumentException("--store must be file: store=" + store);
        }
    }
}
