/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Reads a file into maps, by the ending of its name. */
final class FileSource {
    private final Problems problems;

    FileSource(Problems problems) {
        this.problems = problems;
    }

    /** What is in the file; {@code null} when that has been reported as a problem. */
    @Nullable
    Map<?, ?> read(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        boolean yaml = name.endsWith(".yaml") || name.endsWith(".yml");
        if (!yaml && !name.endsWith(".properties")) {
            problems.source(file.toString(), "the file's name must end with .yaml, .yml or .properties");
            return null;
        }
        try {
            String text = Files.readString(file);
            return yaml ? yaml(file, text) : properties(file, text);
        } catch (NoSuchFileException e) {
            problems.source(file.toString(), "there is no such file");
        } catch (AccessDeniedException e) {
            problems.source(file.toString(), "the file may not be read");
        } catch (CharacterCodingException e) {
            problems.source(file.toString(), "the file is not in UTF-8");
        } catch (IOException e) {
            problems.source(file.toString(), "the file cannot be read, " + e.getMessage());
        }
        return null;
    }

    private @Nullable Map<?, ?> properties(Path file, String text) throws IOException {
        Properties read = new Properties();
        try {
            read.load(new StringReader(text));
            return read;
        } catch (IllegalArgumentException e) { // its message says which escape, without the value
            problems.source(file.toString(), "the file is no properties file, " + e.getMessage());
            return null;
        }
    }

    private @Nullable Map<?, ?> yaml(Path file, String text) {
        try {
            return Yaml.read(text);
        } catch (NoClassDefFoundError e) { // the library is optional
            problems.source(
                    file.toString(),
                    "YAML needs a library that is not here; add the Maven artifact org.snakeyaml:snakeyaml-engine, or"
                            + " use a .properties file");
        } catch (IllegalArgumentException e) {
            problems.source(file.toString(), "the file cannot be read as YAML, " + e.getMessage());
        }
        return null;
    }
}
