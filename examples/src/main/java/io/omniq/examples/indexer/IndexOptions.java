/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * What the command line asks for.
 *
 * @param directory what to index
 * @param data where OmniQ keeps tasks, results and events
 * @param workers how many files are read at once
 * @param bar whether progress is shown as a bar that is drawn again and again, or as lines
 */
record IndexOptions(Path directory, Path data, int workers, boolean bar) {
    static final String USAGE = """
            usage: bin/demo [directory] [--data directory] [--workers n] [--progress bar|lines]
              directory   what to index; default: the current directory
              --data      where tasks, results and events are kept; default: omniq-data/demo-index
              --workers   how many files are read at once, 1 to 1000; default: one per processor
              --progress  how progress is shown; default: lines""";

    private static final int MOST_WORKERS = 1000;

    IndexOptions {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("no such directory: directory=" + directory);
        }
        if (workers < 1 || workers > MOST_WORKERS) {
            throw new IllegalArgumentException("workers must be 1 to " + MOST_WORKERS + ": workers=" + workers);
        }
    }

    /**
     * Understands a command line.
     *
     * @throws IllegalArgumentException when it makes no sense
     */
    static IndexOptions parse(List<String> arguments) {
        Parser parser = new Parser(arguments.iterator());
        return parser.parse();
    }

    private static final class Parser {
        private final Iterator<String> rest;
        private Path directory;
        private Path data = Path.of("omniq-data", "demo-index");
        private int workers = Math.max(2, Runtime.getRuntime().availableProcessors());
        private boolean bar;

        Parser(Iterator<String> arguments) {
            this.rest = arguments;
        }

        IndexOptions parse() {
            while (rest.hasNext()) {
                String argument = rest.next();
                switch (argument) {
                    case "--data" -> data = Path.of(value(argument));
                    case "--workers" -> workers = number(argument, value(argument));
                    case "--progress" -> bar = isBar(value(argument));
                    default -> directory(argument);
                }
            }
            return new IndexOptions(directory == null ? Path.of("") : directory, data, workers, bar);
        }

        private String value(String option) {
            try {
                return rest.next();
            } catch (NoSuchElementException e) {
                throw new IllegalArgumentException("this option needs a value: option=" + option, e);
            }
        }

        private static int number(String option, String text) {
            try {
                return Integer.parseInt(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "this option needs a number: option=" + option + " value=" + text, e);
            }
        }

        private static boolean isBar(String text) {
            if (!List.of("bar", "lines").contains(text)) {
                throw new IllegalArgumentException("progress must be bar or lines: progress=" + text);
            }
            return text.equals("bar");
        }

        private void directory(String argument) {
            if (argument.startsWith("-")) {
                throw new IllegalArgumentException("unknown option: option=" + argument);
            }
            if (directory != null) {
                throw new IllegalArgumentException("one directory at a time: first=" + directory + " then=" + argument);
            }
            directory = Path.of(argument);
        }
    }
}
