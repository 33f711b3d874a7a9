/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * How a benchmark is to run.
 *
 * @param quick for its shape, in less than two minutes
 * @param directory where stores are made: on the disk that is to be measured
 * @param systems which systems: a pattern found in their name and store
 * @param only which parts: a pattern found in their name
 * @param most how many waiting tasks the benchmarks of depth go up to; zero for their own bounds
 */
public record Options(boolean quick, Path directory, Pattern systems, Pattern only, int most) {
    private static final int LEAST = 10;
    private static final int MOST = 10_000_000;

    /**
     * Reads the words after the benchmark's name.
     *
     * @param words the words
     * @return the options
     * @throws IllegalArgumentException when one is unknown or out of bounds, with the words that are known
     */
    public static Options of(List<String> words) {
        Options options = new Options(
                false, Path.of(System.getProperty("java.io.tmpdir")), Pattern.compile(""), Pattern.compile(""), 0);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--quick")) {
                options = new Options(true, options.directory, options.systems, options.only, options.most);
                continue;
            }
            if (i + 1 == words.size()) {
                throw unknown(word);
            }
            options = options.with(word, words.get(++i));
        }
        return options;
    }

    private Options with(String word, String value) {
        return switch (word) {
            case "--directory" -> new Options(quick, Path.of(value), systems, only, most);
            case "--systems" -> new Options(quick, directory, pattern(word, value), only, most);
            case "--only" -> new Options(quick, directory, systems, pattern(word, value), most);
            case "--most" -> new Options(quick, directory, systems, only, number(word, value));
            default -> throw unknown(word);
        };
    }

    private static Pattern pattern(String word, String value) {
        try {
            return Pattern.compile(value, Pattern.CASE_INSENSITIVE);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(word + " must be a regular expression: " + word + "=" + value, e);
        }
    }

    private static int number(String word, String value) {
        try {
            int number = Integer.parseInt(value);
            if (number >= LEAST && number <= MOST) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(word + " must be a number: " + word + "=" + value, e);
        }
        throw new IllegalArgumentException(word + " must be " + LEAST + " to " + MOST + ": " + word + "=" + value);
    }

    private static IllegalArgumentException unknown(String word) {
        return new IllegalArgumentException("unknown option, or one without its value; known: --quick, --directory DIR,"
                + " --systems PATTERN, --only PATTERN, --most N: option=" + word);
    }

    /**
     * How many waiting tasks.
     *
     * @param usual unless {@code --most} says otherwise
     * @param quickly the same with {@code --quick}
     * @return the number
     */
    public int most(int usual, int quickly) {
        return most > 0 ? most : quick ? quickly : usual;
    }

    /**
     * Whether a part is wanted.
     *
     * @param part its name
     * @return whether {@code --only} finds it
     */
    public boolean wants(String part) {
        return only.matcher(part).find();
    }
}
