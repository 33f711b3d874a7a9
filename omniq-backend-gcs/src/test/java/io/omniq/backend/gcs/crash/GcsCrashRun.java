/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs.crash;

import io.omniq.backend.gcs.GcsBackend;
import io.omniq.gcs.emulator.GcsEmulator;
import io.omniq.gcs.emulator.GcsFault;
import io.omniq.store.ListRequest;
import io.omniq.store.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** A producer and two workers as processes on one emulated bucket with wire faults; one of them is killed again and again. */
public final class GcsCrashRun {
    private static final Duration DRAIN = Duration.ofSeconds(180);
    private static final List<String> ROLES = List.of("producer", "worker", "worker");

    private record Child(String role, Path log, Process process) {}

    private record Line(String word, String id, long millis) {}

    private final Path home;
    private final GcsEmulator emulator;
    private final Random random;
    private final List<Child> present = new ArrayList<>();
    private final List<Path> logs = new ArrayList<>();
    private final Map<Path, Long> killed = new TreeMap<>();
    private final Map<String, String> results = new TreeMap<>();
    private final Set<String> changed = new HashSet<>();
    private int looks;

    private GcsCrashRun(Path home, GcsEmulator emulator, long seed) {
        this.home = home;
        this.emulator = emulator;
        this.random = new Random(seed);
        emulator.faults()
                .roll(
                        seed,
                        Map.of(
                                GcsFault.lostAnswer(), 0.02,
                                GcsFault.errorAfter(503), 0.01,
                                GcsFault.lostRequest(), 0.01,
                                GcsFault.errorBefore(503), 0.03,
                                GcsFault.errorBefore(429), 0.01,
                                GcsFault.delayAnswer(Duration.ofMillis(100)), 0.02));
    }

    /**
     * Does it all, and prints one JSON object as the last line.
     *
     * @param args {@code --seconds N --seed S --store gcs}, each of them optional
     * @throws Exception when a process cannot be started
     */
    public static void main(String[] args) throws Exception {
        long seconds = 60;
        long seed = System.nanoTime();
        for (int i = 0; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--seconds" -> seconds = Long.parseLong(args[i + 1]);
                case "--seed" -> seed = Long.parseLong(args[i + 1]);
                case "--store" -> {}
                default -> throw new IllegalArgumentException("unknown option with --store gcs: " + args[i]);
            }
        }
        System.out.println("seed=" + seed);
        System.exit(isGood(Duration.ofSeconds(seconds), seed) ? 0 : 1);
    }

    /** Whether nothing was lost and nothing recorded twice. */
    static boolean isGood(Duration length, long seed) throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("omniq-crash-gcs");
        try (GcsEmulator emulator = GcsEmulator.builder()
                .bucket(GcsCrashChild.BUCKET)
                .limitMutations()
                .start()) {
            return new GcsCrashRun(home, emulator, seed).run(length);
        }
    }

    private boolean run(Duration length) throws IOException, InterruptedException {
        try (GcsBackend view = GcsCrashChild.backend(emulator.endpoint())) {
            for (String role : ROLES) {
                present.add(start(role));
            }
            for (Child child : present) {
                awaitReady(child);
            }
            long end = System.nanoTime() + length.toNanos();
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(
                        Duration.ofMillis(500 + random.nextInt(2500)).toNanos());
                killOne();
                lookThroughFaults(view);
            }
            present.get(0).process().destroyForcibly().waitFor();
            emulator.faults().calm();
            drain(view);
            return isGood(view);
        } finally {
            for (Child child : present) {
                child.process().destroyForcibly().waitFor();
            }
        }
    }

    private Child start(String role) throws IOException {
        Path log = home.resolve(logs.size() + "-" + role + ".log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        GcsCrashChild.class.getName(),
                        role,
                        emulator.endpoint(),
                        log.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(home.resolve(log.getFileName() + ".err").toFile())
                .start();
        logs.add(log);
        return new Child(role, log, process);
    }

    private void awaitReady(Child child) throws IOException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (lines(child.log()).isEmpty()) {
            if (!child.process().isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("a process does not start: log=" + child.log());
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private void killOne() throws IOException, InterruptedException {
        int which = random.nextInt(present.size());
        Child child = present.get(which);
        killed.put(child.log(), System.currentTimeMillis());
        child.process().destroyForcibly().waitFor();
        present.set(which, start(child.role()));
    }

    /** The wire's faults hit this process too; then the next look tells. */
    private void lookThroughFaults(GcsBackend view) {
        try {
            look(view);
            looks++;
        } catch (StorageException e) {
            if (!e.retryable()) {
                throw e;
            }
        }
    }

    private void drain(GcsBackend view) throws IOException {
        long end = System.nanoTime() + DRAIN.toNanos();
        do {
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
            look(view);
        } while (System.nanoTime() < end
                && !(results.keySet().containsAll(ids("acknowledged"))
                        && waiting(view).isEmpty()));
    }

    /** Remembers each result's version when it is first seen; none may ever be another. */
    private void look(GcsBackend view) {
        for (Map.Entry<String, String> now : listed(view, "results/").entrySet()) {
            String first = results.putIfAbsent(now.getKey(), now.getValue());
            if (first != null && !first.equals(now.getValue())) {
                changed.add(now.getKey());
            }
        }
    }

    /** Entries with a definition; without one nobody was told of the task, and it is put back for some minutes. */
    private static List<String> waiting(GcsBackend view) {
        Set<String> tasks = listed(view, "tasks/").keySet();
        return listed(view, "queues/").keySet().stream()
                .filter(entry -> tasks.stream().anyMatch(entry::contains))
                .toList();
    }

    private static Map<String, String> listed(GcsBackend view, String prefix) {
        Map<String, String> found = new TreeMap<>();
        String after = null;
        boolean more = true;
        while (more) {
            var page = view.store().list(ListRequest.of(prefix).after(after));
            for (var line : page.objects()) {
                after = line.key();
                String name = line.key().substring(line.key().lastIndexOf('/') + 1);
                found.put(
                        name.substring(0, name.length() - ".json".length()),
                        line.version().token());
            }
            more = page.more();
        }
        return found;
    }

    private boolean isGood(GcsBackend view) throws IOException {
        look(view);
        Set<String> acknowledged = ids("acknowledged");
        Set<String> lost = new HashSet<>(acknowledged);
        lost.removeAll(results.keySet());
        List<String> left = waiting(view);
        List<Double> recoveries = recoveries();
        System.out.println(
                "faults=" + emulator.faults().injected() + " looks=" + looks + " left=" + left + " logs=" + home);
        System.out.printf(
                Locale.ROOT,
                "{\"acknowledged\":%d, \"lost\":%d, \"double_recorded\":%d, \"kills\":%d, \"recovery_p50_s\":%.2f,"
                        + " \"recovery_max_s\":%.2f}%n",
                acknowledged.size(),
                lost.size(),
                changed.size(),
                killed.size(),
                percentile(recoveries, 0.5),
                percentile(recoveries, 1));
        return !acknowledged.isEmpty() && lost.isEmpty() && changed.isEmpty() && left.isEmpty();
    }

    private static double percentile(List<Double> sorted, double part) {
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.ceil(part * sorted.size()) - 1);
    }

    /** From a kill to the next start, anywhere, of each task that was running in the killed process. */
    private List<Double> recoveries() throws IOException {
        List<Line> starts = new ArrayList<>();
        for (Path log : logs) {
            lines(log).stream().filter(line -> line.word().equals("start")).forEach(starts::add);
        }
        List<Double> seconds = new ArrayList<>();
        for (Map.Entry<Path, Long> kill : killed.entrySet()) {
            Set<String> running = new HashSet<>();
            for (Line line : lines(kill.getKey())) {
                if (line.word().equals("start")) {
                    running.add(line.id());
                } else if (line.word().equals("end")) {
                    running.remove(line.id());
                }
            }
            running.forEach(id -> starts.stream()
                    .filter(line -> line.id().equals(id) && line.millis() > kill.getValue())
                    .mapToLong(Line::millis)
                    .min()
                    .ifPresent(next -> seconds.add((next - kill.getValue()) / 1000.0)));
        }
        seconds.sort(null);
        return seconds;
    }

    private Set<String> ids(String word) throws IOException {
        Set<String> ids = new HashSet<>();
        for (Path log : logs) {
            lines(log).stream().filter(line -> line.word().equals(word)).forEach(line -> ids.add(line.id()));
        }
        return ids;
    }

    /** Whole lines only: the last one may have been cut by the kill. */
    private static List<Line> lines(Path log) throws IOException {
        if (!Files.exists(log)) {
            return List.of();
        }
        String text = Files.readString(log);
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(line -> line.split(" "))
                .map(parts -> new Line(parts[0], parts[1], Long.parseLong(parts[2])))
                .toList();
    }
}
