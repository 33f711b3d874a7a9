/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import java.time.Duration;
import java.util.List;

/**
 * What the command line says.
 *
 * @param length how long the processes are made to suffer
 * @param seed decides whom, when
 * @param mode what is done to them
 */
record CrashOptions(Duration length, long seed, Mode mode) {
    /** Reads {@code --seconds N --store file --seed S --mode kill|rolling --disk full}, each of them optional. */
    static CrashOptions of(List<String> args, long otherSeed) {
        CrashOptions options = new CrashOptions(Duration.ofSeconds(60), otherSeed, Mode.KILL);
        if (args.size() % 2 != 0) {
            throw new IllegalArgumentException("an option has no value: " + args);
        }
        for (int i = 0; i < args.size(); i += 2) {
            options = options.with(args.get(i), args.get(i + 1));
        }
        return options;
    }

    private CrashOptions with(String name, String value) {
        return switch (name) {
            case "--seconds" -> new CrashOptions(Duration.ofSeconds(Long.parseLong(value)), seed, mode);
            case "--seed" -> new CrashOptions(length, Long.parseLong(value), mode);
            case "--mode" -> new CrashOptions(length, seed, Mode.of(value));
            case "--disk" -> {
                require("full", name, value);
                yield new CrashOptions(length, seed, Mode.FULL_DISK);
            }
            case "--store" -> {
                require("file", name, value);
                yield this;
            }
            default -> throw new IllegalArgumentException("unknown option: " + name);
        };
    }

    private static void require(String only, String name, String value) {
        if (!value.equals(only)) {
            throw new IllegalArgumentException(name + " must be " + only + ": " + value);
        }
    }
}
