/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Another JVM with this one's class path. It ends when this one does, or is closed: a child watches its standard input, see
 * {@link #obey}. What it has to say it appends to a file, which outlives it.
 */
public final class ChildJvm implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final Writer commands;
    private final Path said;

    private ChildJvm(Process process, Path said) {
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        this.said = said;
    }

    /**
     * Starts one.
     *
     * @param main its main class
     * @param said the file it is to write to: its first argument
     * @param jvm options of the JVM
     * @param arguments the further arguments
     * @return the running process
     */
    public static ChildJvm start(Class<?> main, Path said, List<String> jvm, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName(), said.toString()));
        command.addAll(arguments);
        try {
            Path errors = said.resolveSibling(said.getFileName() + ".err");
            return new ChildJvm(
                    new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(errors.toFile())
                            .start(),
                    said);
        } catch (IOException e) {
            throw new UncheckedIOException("no process can be started: main=" + main.getName(), e);
        }
    }

    /** {@return the complete lines it has written so far} */
    public List<String> lines() {
        try {
            if (!Files.exists(said)) {
                return List.of();
            }
            String text = Files.readString(said);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("not read: file=" + said, e);
        }
    }

    /**
     * Waits for a line.
     *
     * @param prefix what it begins with
     * @return the first such line
     * @throws IllegalStateException when the process ends without it, or takes too long
     */
    public String await(String prefix) {
        boolean found = Pauses.await(() -> find(prefix).findAny().isPresent() || !process.isAlive(), PATIENCE);
        return find(prefix)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a child does not say what it should: wanted=" + prefix
                        + " waited=" + !found + " file=" + said + ".err"));
    }

    private Stream<String> find(String prefix) {
        return lines().stream().filter(line -> line.startsWith(prefix));
    }

    /**
     * Tells it something.
     *
     * @param command one line
     */
    public void tell(String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("a child does not listen: command=" + command, e);
        }
    }

    /** {@return the processor time it has used so far} */
    public Duration cpu() {
        return process.info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException("this system does not tell the time of a process"));
    }

    /** Sends SIGKILL and waits until it is gone. Idempotent. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** What a child does when it is told something. */
    @FunctionalInterface
    public interface Ears {
        /**
         * Hears one line.
         *
         * @param command the line
         */
        void hear(String command);
    }

    /**
     * For a child: does what it is told, and ends at once when nobody is left to tell it anything. Runs on a thread of its own.
     *
     * @param ears who hears
     */
    public static void obey(Ears ears) {
        Thread thread = new Thread(
                () -> {
                    new java.io.BufferedReader(new java.io.InputStreamReader(System.in, StandardCharsets.UTF_8))
                            .lines()
                            .forEach(ears::hear);
                    Runtime.getRuntime().halt(0);
                },
                "commands");
        thread.setDaemon(true);
        thread.start();
    }
}
