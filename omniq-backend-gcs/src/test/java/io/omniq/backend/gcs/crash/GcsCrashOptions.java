/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs.crash;

import io.omniq.gcs.emulator.GcsFault;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run is like.
 *
 * @param length how long the processes are killed
 * @param seed decides whom, when, and what the wire does
 * @param faults what the wire does
 * @param load what the processes do
 */
record GcsCrashOptions(Duration length, long seed, Faults faults, Load load) {
    /** What the wire does. */
    enum Faults {
        WIRE(Map.of(
                GcsFault.lostAnswer(), 0.02,
                GcsFault.errorAfter(503), 0.01,
                GcsFault.lostRequest(), 0.01,
                GcsFault.errorBefore(503), 0.03,
                GcsFault.errorBefore(429), 0.01,
                GcsFault.delayAnswer(Duration.ofMillis(100)), 0.02)),
        /** Nothing but the limit of changes. */
        NONE(Map.of());

        private final Map<GcsFault, Double> rates;

        Faults(Map<GcsFault, Double> rates) {
            this.rates = rates;
        }

        Map<GcsFault, Double> rates() {
            return rates;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What the processes do. */
    enum Load {
        /** Many short tasks: there is always something to look for. */
        BUSY(Duration.ofMillis(40), Duration.ofMillis(150)),
        /** A few long tasks: workers have nothing to look for, and look seldom. */
        IDLE(Duration.ofSeconds(3), Duration.ofSeconds(4));

        private final Duration every;
        private final Duration work;

        Load(Duration every, Duration work) {
            this.every = every;
            this.work = work;
        }

        Duration every() {
            return every;
        }

        Duration work() {
            return work;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Reads {@code --seconds N --store gcs --seed S --faults wire|none --load busy|idle}, each of them optional. */
    static GcsCrashOptions of(List<String> args, long otherSeed) {
        GcsCrashOptions options = new GcsCrashOptions(Duration.ofSeconds(60), otherSeed, Faults.WIRE, Load.BUSY);
        if (args.size() % 2 != 0) {
            throw new IllegalArgumentException("an option has no value: " + args);
        }
        for (int i = 0; i < args.size(); i += 2) {
            options = options.with(args.get(i), args.get(i + 1));
        }
        return options;
    }

    private GcsCrashOptions with(String name, String value) {
        String constant = value.toUpperCase(Locale.ROOT);
        return switch (name) {
            case "--seconds" -> new GcsCrashOptions(Duration.ofSeconds(Long.parseLong(value)), seed, faults, load);
            case "--seed" -> new GcsCrashOptions(length, Long.parseLong(value), faults, load);
            case "--faults" -> new GcsCrashOptions(length, seed, Faults.valueOf(constant), load);
            case "--load" -> new GcsCrashOptions(length, seed, faults, Load.valueOf(constant));
            case "--store" -> this;
            default -> throw new IllegalArgumentException("unknown option with --store gcs: " + name);
        };
    }
}
