/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs.crash;

import io.omniq.backend.gcs.GcsBackend;
import io.omniq.gcs.emulator.GcsEmulator;
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

/** A producer and two workers as processes on one emulated bucket; one of them is killed again and again. */
public final class GcsCrashRun {
    private static final Duration DRAIN = Duration.ofSeconds(180);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> ROLES = List.of("producer", "worker", "worker");

    private record Child(String role, Path log, Process process) {}

    private final GcsCrashOptions options;
    private final Path home;
    private final GcsEmulator emulator;
    private final Random random;
    private final List<Child> present = new ArrayList<>();
    private final GcsCrashLog log = new GcsCrashLog();
    private final Map<String, String> results = new TreeMap<>();
    private final Set<String> changed = new HashSet<>();
    private int looks;

    private GcsCrashRun(GcsCrashOptions options, Path home, GcsEmulator emulator) {
        this.options = options;
        this.home = home;
        this.emulator = emulator;
        this.random = new Random(options.seed());
        emulator.faults().roll(options.seed(), options.faults().rates());
    }

    /**
     * Does it all, and prints one JSON object as the last line.
     *
     * @param args see {@link GcsCrashOptions}
     * @throws Exception when a process cannot be started
     */
    public static void main(String[] args) throws Exception {
        GcsCrashOptions options = GcsCrashOptions.of(List.of(args), System.nanoTime());
        System.out.println("seed=" + options.seed());
        System.exit(isGood(options) ? 0 : 1);
    }

    /** Whether nothing was lost and nothing recorded twice. */
    static boolean isGood(GcsCrashOptions options) throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("omniq-crash-gcs");
        try (GcsEmulator emulator = GcsEmulator.builder()
                .bucket(GcsCrashChild.BUCKET)
                .limitMutations()
                .start()) {
            return new GcsCrashRun(options, home, emulator).run();
        }
    }

    private boolean run() throws IOException, InterruptedException {
        try (GcsBackend view = GcsCrashChild.backend(emulator.endpoint(), PATIENCE)) {
            for (String role : ROLES) {
                present.add(start(role));
            }
            for (Child child : present) {
                awaitReady(child);
            }
            long end = System.nanoTime() + options.length().toNanos();
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(
                        Duration.ofMillis(500 + random.nextInt(2500)).toNanos());
                killOne(end);
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
        Path lines = home.resolve(log.count() + "-" + role + ".log");
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
                        lines.toString(),
                        options.load().name())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(home.resolve(lines.getFileName() + ".err").toFile())
                .start();
        log.add(lines);
        return new Child(role, lines, process);
    }

    private void awaitReady(Child child) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isReady(child)) {
            if (!child.process().isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("a process does not start: log=" + child.log());
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private static boolean isReady(Child child) throws IOException {
        return !GcsCrashLog.lines(child.log()).isEmpty();
    }

    /** Any of them, but a worker only while another one works: how fast others take over cannot be seen where there are none. */
    private void killOne(long end) throws IOException, InterruptedException {
        int which = random.nextInt(present.size());
        while (which > 0 && !isReady(present.get(ROLES.size() - which))) {
            if (System.nanoTime() > end) {
                return;
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        Child child = present.get(which);
        log.killed(child.log(), System.currentTimeMillis());
        System.out.println("killed: millis=" + System.currentTimeMillis() + " log="
                + child.log().getFileName());
        child.process().destroyForcibly().waitFor();
        present.set(which, start(child.role()));
        if (options.faults() == GcsCrashOptions.Faults.NONE) {
            awaitReady(present.get(which)); // one thing at a time: what is left is what recovery itself takes
        }
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
                && !(results.keySet().containsAll(log.ids("acknowledged"))
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
        Set<String> acknowledged = log.ids("acknowledged");
        Set<String> lost = new HashSet<>(acknowledged);
        lost.removeAll(results.keySet());
        List<String> left = waiting(view);
        List<GcsCrashLog.Recovery> recoveries = log.recoveries();
        recoveries.stream().limit(3).forEach(recovery -> System.out.println("slow: " + recovery));
        System.out.println(
                "faults=" + emulator.faults().injected() + " looks=" + looks + " left=" + left + " logs=" + home);
        System.out.printf(
                Locale.ROOT,
                "{\"acknowledged\":%d, \"lost\":%d, \"double_recorded\":%d, \"kills\":%d, \"recovery_p50_s\":%.2f,"
                        + " \"recovery_max_s\":%.2f, \"recoveries\":%d, \"direct_recovery_max_s\":%.2f, \"faults\":\"%s\","
                        + " \"load\":\"%s\"}%n",
                acknowledged.size(),
                lost.size(),
                changed.size(),
                log.kills(),
                GcsCrashLog.percentile(recoveries, 0.5),
                GcsCrashLog.percentile(recoveries, 1),
                recoveries.size(),
                GcsCrashLog.percentile(
                        recoveries.stream()
                                .filter(GcsCrashLog.Recovery::isDirect)
                                .toList(),
                        1),
                options.faults().text(),
                options.load().text());
        return !acknowledged.isEmpty() && lost.isEmpty() && changed.isEmpty() && left.isEmpty();
    }
}
