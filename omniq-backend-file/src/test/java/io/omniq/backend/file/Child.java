/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.ObjectStore;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.slf4j.LoggerFactory;

/** Another JVM that runs {@link StoreProcess}. */
final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;

    private Child(Process process) {
        this.process = process;
        this.lines = process.inputReader();
    }

    /** Starts a JVM and waits until it is ready. */
    static Child start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath(),
                StoreProcess.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Child child = new Child(process);
        Assertions.assertThat(child.line()).isEqualTo("ready");
        return child;
    }

    /** From where the classes are, since the class path of a modular test run is not in a property. */
    private static String classPath() {
        return Stream.of(
                        StoreProcess.class,
                        DirectoryObjectStore.class,
                        ObjectStore.class,
                        Assertions.class,
                        LoggerFactory.class)
                .map(Child::origin)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String origin(Class<?> type) {
        String resource = type.getName().replace('.', '/') + ".class";
        URL url = Objects.requireNonNull(type.getResource("/" + resource), resource);
        try {
            URLConnection connection = url.openConnection();
            if (connection instanceof JarURLConnection jar) {
                return Path.of(jar.getJarFileURL().toURI()).toString();
            }
            String text = url.toString();
            return Path.of(URI.create(text.substring(0, text.length() - resource.length())))
                    .toString();
        } catch (Exception e) {
            throw new IllegalStateException(url.toString(), e);
        }
    }

    void go() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** The next line it prints, or {@code null} when it has ended. */
    String line() {
        try {
            return lines.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All lines up to its end. */
    List<String> rest() {
        List<String> rest = new ArrayList<>();
        for (String line = line(); line != null; line = line()) {
            rest.add(line);
        }
        return rest;
    }

    /** Ends it as {@code kill -9} does. */
    void kill() {
        // Not Process.destroyForcibly: that closes the stream as well, and with it what was said before the end.
        process.toHandle().destroyForcibly();
    }

    int exitValue() throws InterruptedException {
        Assertions.assertThat(process.waitFor(1, TimeUnit.MINUTES))
                .as("process ends")
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
