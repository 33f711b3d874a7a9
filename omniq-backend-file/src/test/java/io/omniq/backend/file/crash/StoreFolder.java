/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The directory as a file viewer sees it: not through the code under test. */
final class StoreFolder {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    /** Every result as it was when it was first seen. */
    private final Map<String, String> firstSeen = new HashMap<>();

    StoreFolder(Path directory) {
        this.directory = directory;
    }

    /** Remembers every result when it is first seen; none may ever look different. */
    void look() throws IOException {
        for (Path file : files("results")) {
            String id = id(file);
            if (!firstSeen.containsKey(id)) {
                read(file).ifPresent(text -> firstSeen.put(id, text));
            }
        }
    }

    Set<String> without(Set<String> tasks) {
        Set<String> missing = new TreeSet<>(tasks);
        missing.removeAll(firstSeen.keySet());
        return missing;
    }

    /** Entries with a definition. Without one nobody was told of the task, and it is put back for some minutes. */
    Set<String> waiting() throws IOException {
        Set<String> waiting = new TreeSet<>();
        for (Path file : files("queues")) {
            JsonNode entry = read(file).map(StoreFolder::json).orElse(null);
            if (entry != null && Files.exists(task(entry.path("task_id").asText()))) {
                waiting.add(entry.path("task_id").asText());
            }
        }
        return waiting;
    }

    private Path task(String id) {
        return directory.resolve("tasks").resolve(id + ".json");
    }

    /** Tasks whose result is not what it was. */
    Set<String> changed() throws IOException {
        Set<String> changed = new TreeSet<>();
        for (Map.Entry<String, String> first : firstSeen.entrySet()) {
            if (!first.getValue().equals(read(result(first.getKey())).orElse("gone"))) {
                changed.add(first.getKey());
            }
        }
        return changed;
    }

    private Path result(String id) {
        return directory.resolve("results").resolve(id + ".json");
    }

    Map<String, Recorded> results() throws IOException {
        Map<String, Recorded> results = new HashMap<>();
        for (Map.Entry<String, String> seen : firstSeen.entrySet()) {
            JsonNode node = json(seen.getValue());
            // Not the time of change, which is set before the file is moved: this one tells when it was moved.
            FileTime landed = (FileTime) Files.getAttribute(result(seen.getKey()), "unix:ctime");
            results.put(
                    seen.getKey(),
                    new Recorded(
                            seen.getKey(),
                            node.path("status").asText(),
                            node.path("worker_id").asText(),
                            node.path("attempt").asInt(),
                            node.path("result").asText(),
                            node.path("error").asText(),
                            Micros.of(landed)));
        }
        return results;
    }

    /** Files that are no JSON, and what was set aside because of that. */
    Set<String> damaged() throws IOException {
        Set<String> damaged = new TreeSet<>();
        for (String folder : List.of("tasks", "queues", "results", "events", "workers", "locks")) {
            for (Path file : files(folder)) {
                String name = directory.relativize(file).toString();
                if (folder.equals("locks")
                        || read(file).filter(text -> !isWhole(text)).isPresent()) {
                    damaged.add(name);
                }
            }
        }
        return damaged;
    }

    private static boolean isWhole(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return node.isContainerNode() && !node.isEmpty();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("damaged: " + text, e);
        }
    }

    private static String id(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - ".json".length());
    }

    private static Optional<String> read(Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private List<Path> files(String folder) throws IOException {
        Path root = directory.resolve(folder);
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(file -> file.toString().endsWith(".json")).toList();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof NoSuchFileException) {
                return files(folder); // something vanished under the walk
            }
            throw e;
        }
    }
}
