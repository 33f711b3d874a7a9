/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that has not added the YAML library. */
class WithoutYamlTest {
    @TempDir
    Path directory;

    @Test
    void yamlIsRefusedWithTheRemedyAndPropertiesAreRead() throws Exception {
        Path yaml = Files.writeString(directory.resolve("omniq.yaml"), "max_payload: 2048\n");
        Path properties = Files.writeString(directory.resolve("omniq.properties"), "max_payload=2048\n");
        try (URLClassLoader application = withoutYaml()) {
            assertThat(build(application, yaml))
                    .isEqualTo(
                            "the configuration does not fit: problems=1\n- YAML needs a library that is not here; add the Maven"
                                    + " artifact org.snakeyaml:snakeyaml-engine, or use a .properties file: source="
                                    + yaml);
            assertThat(build(application, properties)).isEqualTo("OmniQConfig{max_payload=2048 (" + properties + ")}");
        }
    }

    /** The settings as text, or what is said against them. */
    private static String build(ClassLoader application, Path file) throws ReflectiveOperationException {
        Class<?> config = application.loadClass("io.omniq.config.OmniQConfig");
        Object builder = config.getMethod("builder").invoke(null);
        builder.getClass().getMethod("file", Path.class).invoke(builder, file);
        try {
            return builder.getClass().getMethod("build").invoke(builder).toString();
        } catch (InvocationTargetException e) {
            return e.getCause().getMessage();
        }
    }

    private static URLClassLoader withoutYaml() throws IOException {
        URL[] others = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("snakeyaml"))
                .map(WithoutYamlTest::url)
                .toArray(URL[]::new);
        return new URLClassLoader(others, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String path) {
        try {
            return Path.of(path).toUri().toURL();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
