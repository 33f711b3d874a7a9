/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM that runs {@link CrashChild}, and what was done to it. */
final class ChildProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String role;
    private final Path log;
    private final Process process;
    private final List<Span> stops = new ArrayList<>();
    private long killed = Life.NEVER;
    private long terminated = Life.NEVER;

    private ChildProcess(String role, Path log, Process process) {
        this.role = role;
        this.log = log;
        this.process = process;
    }

    static ChildProcess start(String role, Path store, Path log, Mode mode, Duration drain) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx96m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                classPath(),
                CrashChild.class.getName(),
                role,
                store.toString(),
                log.toString(),
                mode.text(),
                Long.toString(drain.toMillis()));
        Process process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(log.resolveSibling(log.getFileName() + ".err").toFile())
                .start();
        return new ChildProcess(role, log, process);
    }

    /** With a module path, as under Maven, the modules are on no class path, and these tests are on neither. */
    private static String classPath() {
        return String.join(
                File.pathSeparator,
                origin(),
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path"));
    }

    private static String origin() {
        try {
            Path here = Path.of(CrashChild.class.getResource("CrashChild.class").toURI());
            for (int i = 0;
                    i
                            <= CrashChild.class
                                    .getName()
                                    .chars()
                                    .filter(c -> c == '.')
                                    .count();
                    i++) {
                here = here.getParent();
            }
            return here.toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("nobody knows where the classes are", e);
        }
    }

    String role() {
        return role;
    }

    Path log() {
        return log;
    }

    /** Whether it ended although nobody ended it. */
    boolean hasDied() {
        return !process.isAlive() && killed == Life.NEVER && terminated == Life.NEVER;
    }

    /** Waits until it has said something. */
    void await(String word) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!says(word)) {
            if (hasDied() || System.nanoTime() > end) {
                throw new IllegalStateException(
                        "a process does not say what it should: role=" + role + " word=" + word + " log=" + log);
            }
            Micros.pause(Duration.ofMillis(20));
        }
    }

    boolean says(String word) throws IOException {
        return Files.exists(log) && Files.readAllLines(log).stream().anyMatch(line -> line.startsWith(word + " "));
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        killed = Math.min(killed, Micros.now());
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM; says whether it ended in time, and closed what it had open. */
    boolean terminate() throws IOException, InterruptedException {
        terminated = Micros.now();
        process.destroy();
        return process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) && says("closed");
    }

    /** SIGSTOP, something else, and SIGCONT: meanwhile it is a zombie. */
    void stopFor(Meanwhile meanwhile) throws IOException, InterruptedException {
        long from = Micros.now();
        signal("STOP");
        try {
            meanwhile.run();
        } finally {
            signal("CONT");
            stops.add(new Span(from, Micros.now()));
        }
    }

    /** What happens while a process is stopped. */
    interface Meanwhile {
        void run() throws IOException, InterruptedException;
    }

    private void signal(String name) throws IOException, InterruptedException {
        if (!isSent(name, process.pid())) {
            throw new IllegalStateException("signal was not sent: signal=" + name + " role=" + role);
        }
    }

    /** Whether this system can do to a process what is to be done here. */
    static boolean isPossible() throws InterruptedException {
        try {
            return isSent("0", ProcessHandle.current().pid());
        } catch (IOException e) {
            return false; // there is no shell
        }
    }

    private static boolean isSent(String signal, long pid) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    /** What is known of its life from outside. */
    Life life() {
        return new Life(process.pid(), killed, terminated, List.copyOf(stops), List.of());
    }
}
