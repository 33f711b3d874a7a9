/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Settings of a {@link GcsEmulator}. Not thread-safe. */
public final class GcsEmulatorBuilder {
    private static final int MOST_PER_PAGE = 1000;

    final List<GcsBucketSettings> buckets = new ArrayList<>();
    final GcsFaults faults = new GcsFaults();
    Clock clock = Clock.systemUTC();
    Duration clockOffset = Duration.ZERO;
    Duration mutationInterval = Duration.ZERO;
    Duration replayWindow = Duration.ZERO;
    int pageSize = MOST_PER_PAGE;
    int port;
    String bearerToken = "";

    GcsEmulatorBuilder() {}

    /**
     * Creates a bucket at the start, with the settings of {@link GcsBucketSettings#named(String)}. Default: none.
     *
     * @param name its name
     * @return this
     */
    public GcsEmulatorBuilder bucket(String name) {
        return bucket(GcsBucketSettings.named(name));
    }

    /**
     * Creates a bucket at the start. Default: none.
     *
     * @param settings its name and how it behaves
     * @return this
     */
    public GcsEmulatorBuilder bucket(GcsBucketSettings settings) {
        buckets.add(Objects.requireNonNull(settings, "settings"));
        return this;
    }

    /**
     * The clock of the server: times of objects, {@code Date} headers, generations, the limit of mutations. Default:
     * that of the system.
     *
     * @param other the clock
     * @return this
     */
    public GcsEmulatorBuilder clock(Clock other) {
        clock = Objects.requireNonNull(other, "other");
        return this;
    }

    /**
     * How far the server is ahead of its clock. Default: zero.
     *
     * @param offset positive or negative
     * @return this
     */
    public GcsEmulatorBuilder clockOffset(Duration offset) {
        clockOffset = Objects.requireNonNull(offset, "offset");
        return this;
    }

    /**
     * Refuses with 429 what changes an object of a name that was changed less than a second ago, by the clock of the
     * server. GCS documents this limit; it does let short bursts pass, the emulator does not. Default: no limit.
     *
     * @return this
     */
    public GcsEmulatorBuilder limitMutations() {
        mutationInterval = Duration.ofSeconds(1);
        return this;
    }

    /**
     * Answers a call that comes again with the same {@code x-goog-gcs-idempotency-token} as it was answered before.
     * GCS was seen to do so for about two minutes; it does not document it. Default: tokens are ignored.
     *
     * @param window how long an answer is remembered
     * @return this
     */
    public GcsEmulatorBuilder replayTokens(Duration window) {
        replayWindow = Objects.requireNonNull(window, "window");
        return this;
    }

    /**
     * The most entries of a page of a listing, even if a client asks for more. Default: 1000, as on GCS.
     *
     * @param entries 1 to 1000
     * @return this
     * @throws IllegalArgumentException when it is out of bounds
     */
    public GcsEmulatorBuilder pageSize(int entries) {
        if (entries < 1 || entries > MOST_PER_PAGE) {
            throw new IllegalArgumentException("a page has 1 to " + MOST_PER_PAGE + " entries: entries=" + entries);
        }
        pageSize = entries;
        return this;
    }

    /**
     * Refuses requests with 401 unless they bring this token. Default: every request is accepted.
     *
     * @param token without the word {@code Bearer}
     * @return this
     */
    public GcsEmulatorBuilder bearerToken(String token) {
        bearerToken = Objects.requireNonNull(token, "token");
        return this;
    }

    /**
     * Faults at random from the start. Default: none.
     *
     * @param seed where the randomness starts
     * @param rates for each fault how likely it hits one call, as in {@link GcsFaults#roll}
     * @return this
     * @throws IllegalArgumentException when a rate is no probability, or they are too much together
     */
    public GcsEmulatorBuilder faults(long seed, Map<GcsFault, Double> rates) {
        faults.roll(seed, rates);
        return this;
    }

    /**
     * The port to listen on. Default: one that is free.
     *
     * @param number 1 to 65535, or 0 for one that is free
     * @return this
     * @throws IllegalArgumentException when it is no port
     */
    public GcsEmulatorBuilder port(int number) {
        if (number < 0 || number > 65535) {
            throw new IllegalArgumentException("a port must be 0 to 65535: port=" + number);
        }
        port = number;
        return this;
    }

    /**
     * Starts to listen.
     *
     * @return the emulator, ready for requests
     * @throws java.io.UncheckedIOException when the port cannot be had
     * @throws IllegalArgumentException when two buckets have one name
     */
    public GcsEmulator start() {
        return new GcsEmulator(this);
    }
}
