/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Starts a producer and workers as processes of their own on one directory, does to them what the mode says, and afterwards
 * compares what was acknowledged, what was run and what is recorded.
 */
final class CrashRun {
    private static final Duration DRAIN = Duration.ofSeconds(120);

    private final Mode mode;
    private final Ordeal ordeal;
    private final Cast cast;
    private final StoreFolder folder;
    private final Map<String, List<String>> violations = new TreeMap<>();

    private CrashRun(CrashOptions options, Ordeal ordeal, Path store, Path logs) {
        this.mode = options.mode();
        this.ordeal = ordeal;
        this.cast = new Cast(store, logs, mode, new Random(options.seed()));
        this.folder = new StoreFolder(store);
    }

    /**
     * Does it all.
     *
     * @param options how, and for how long
     * @param home an empty directory
     * @return what it came to, or nothing where no disk can be mounted
     */
    static Optional<Summary> run(CrashOptions options, Path home) throws IOException, InterruptedException {
        Path logs = Files.createDirectory(home.resolve("logs"));
        Path disk = Files.createDirectory(home.resolve("disk"));
        if (options.mode() != Mode.FULL_DISK) {
            Ordeal ordeal = options.mode() == Mode.KILL ? new KillOrdeal() : new RollingOrdeal();
            return Optional.of(new CrashRun(options, ordeal, disk, logs).run(options.length()));
        }
        SmallDisk small = SmallDisk.mount(disk, options.length()).orElse(null);
        if (small == null) {
            return Optional.empty();
        }
        try (small) {
            Path store = Files.createDirectory(disk.resolve("store"));
            return Optional.of(new CrashRun(options, new FullDiskOrdeal(small), store, logs).run(options.length()));
        }
    }

    private Summary run(Duration length) throws IOException, InterruptedException {
        try {
            cast.enter();
            long end = System.nanoTime() + length.toNanos();
            while (System.nanoTime() < end) {
                ordeal.step(cast);
                folder.look();
            }
            ordeal.end();
            cast.silence();
            drain();
            violated("left", folder.waiting());
        } finally {
            cast.leave();
        }
        return summary();
    }

    /** Waits until everything has come to its end; what has not then shows in the summary. */
    private void drain() throws IOException {
        AttemptLog soFar = log();
        long end = System.nanoTime() + DRAIN.toNanos();
        do {
            Micros.pause(Duration.ofMillis(200));
            folder.look();
        } while (System.nanoTime() < end
                && !(folder.waiting().isEmpty()
                        && folder.without(soFar.acknowledged()).isEmpty()));
    }

    private AttemptLog log() throws IOException {
        AttemptLog log = new AttemptLog();
        for (ChildProcess child : cast.all()) {
            log.add(child.log(), child.life());
        }
        return log;
    }

    private Summary summary() throws IOException {
        folder.look();
        AttemptLog log = log();
        Map<String, Recorded> results = folder.results();
        List<Span> stops = cast.all().stream()
                .flatMap(child -> child.life().stops().stream())
                .toList();
        Verdict verdict = new Verdict(new History(mode, log.runs(), results, stops, log.firstRefusal()));
        Collection<String> lost = folder.without(log.acknowledged());
        Collection<String> changed = folder.changed();
        violated("lost", lost);
        violated("double_recorded", changed);
        violated("damaged", folder.damaged());
        violated("untested", untested(log));
        violations.putAll(cast.violations());
        violations.putAll(verdict.violations());
        Map<String, Long> numbers = new LinkedHashMap<>();
        numbers.put("acknowledged", (long) log.acknowledged().size());
        numbers.put("lost", (long) lost.size());
        numbers.put("double_recorded", (long) changed.size());
        numbers.put("kills", cast.kills());
        numbers.put("stops", cast.stops());
        numbers.put("restarts", cast.restarts());
        numbers.put("refusals", log.refusals());
        numbers.put("runs", (long) log.runs().size());
        for (Explanation explanation : Explanation.values()) {
            if (explanation != Explanation.NONE) {
                numbers.put(explanation.text(), (long) verdict.explained(explanation));
            }
        }
        numbers.put(
                "given_up",
                results.values().stream().filter(Recorded::isGivenUp).count());
        return new Summary(numbers, verdict.recoveries(), violations);
    }

    /** A run that did not do what it is for shows nothing. */
    private List<String> untested(AttemptLog log) {
        List<String> untested = new ArrayList<>();
        if (log.acknowledged().isEmpty() || log.runs().isEmpty()) {
            untested.add("nothing was done");
        }
        if (mode == Mode.FULL_DISK && log.refusals() == 0) {
            untested.add("the disk was never full");
        }
        return untested;
    }

    private void violated(String kind, Collection<String> what) {
        if (!what.isEmpty()) {
            violations.put(kind, List.copyOf(what));
        }
    }

    /**
     * Prints what was wrong, then one JSON object as the last line.
     *
     * @param args see {@link CrashOptions}
     * @throws Exception when a process cannot be started
     */
    public static void main(String[] args) throws Exception {
        CrashOptions options = CrashOptions.of(List.of(args), System.nanoTime());
        Path home = Files.createTempDirectory("omniq-crash");
        Summary summary = run(options, home).orElse(null);
        if (summary == null) {
            System.out.println("skipped: no disk can be mounted here, that takes root on Linux");
            System.out.println("{\"acknowledged\":0, \"lost\":0, \"double_recorded\":0, \"kills\":0,"
                    + " \"recovery_p50_s\":0.00, \"recovery_max_s\":0.00, \"skipped\":\"no disk can be mounted\"}");
            return;
        }
        if (summary.isGood()) {
            remove(home);
        } else {
            System.out.println("seed=" + options.seed() + " directory=" + home);
        }
        System.out.print(summary.details());
        System.out.println(summary.json(options.mode()));
        System.exit(summary.isGood() ? 0 : 1);
    }

    private static void remove(Path home) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> walk = Files.walk(home)) {
            deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
