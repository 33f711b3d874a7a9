/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The processes: one producer and three workers at any time, and all those before them. */
final class Cast {
    static final int WORKERS = 3;
    private static final Duration LONG_DRAIN = Duration.ofSeconds(30);
    /** Shorter than any task. */
    private static final Duration SHORT_DRAIN = Duration.ofMillis(10);

    private final Path store;
    private final Path logs;
    private final Mode mode;
    private final Random random;
    private final List<ChildProcess> all = new ArrayList<>();
    /** The producer comes first. */
    private final List<ChildProcess> present = new ArrayList<>();

    private final Map<String, List<String>> violations = new TreeMap<>();
    private long kills;
    private long stops;
    private long restarts;

    Cast(Path store, Path logs, Mode mode, Random random) {
        this.store = store;
        this.logs = logs;
        this.mode = mode;
        this.random = random;
    }

    Random random() {
        return random;
    }

    long kills() {
        return kills;
    }

    long stops() {
        return stops;
    }

    long restarts() {
        return restarts;
    }

    List<ChildProcess> all() {
        return all;
    }

    /** What processes did that they must not do, by kind. */
    Map<String, List<String>> violations() {
        return violations;
    }

    /** Starts them all, and waits until they work. */
    void enter() throws IOException {
        for (int i = 0; i < WORKERS; i++) {
            present.add(start("worker"));
        }
        for (ChildProcess worker : present) {
            worker.await("ready");
        }
        // Last: what it enqueues fills a small disk, and a worker that finds no room does not begin.
        present.add(0, start("producer"));
        present.get(0).await("ready");
    }

    private ChildProcess start(String role) throws IOException {
        Path log = logs.resolve(all.size() + "-" + role + ".log");
        Duration drain = random.nextBoolean() ? LONG_DRAIN : SHORT_DRAIN;
        ChildProcess child = ChildProcess.start(role, store, log, mode, drain);
        all.add(child);
        return child;
    }

    /** Kills one of them, whichever, and starts another in its place. */
    void killOne() throws IOException, InterruptedException {
        kill(random.nextInt(present.size()));
    }

    private void kill(int index) throws IOException, InterruptedException {
        ChildProcess child = present.get(index);
        checkAlive(child);
        child.kill();
        kills++;
        present.set(index, start(child.role()));
    }

    /** Makes a zombie of one worker: it comes back when others have long taken over. Meanwhile another one may be killed. */
    void stopOneFor(Duration length) throws IOException, InterruptedException {
        int zombie = random.nextInt(WORKERS);
        int other = 1 + (zombie + 1 + random.nextInt(WORKERS - 1)) % WORKERS;
        boolean killing = random.nextBoolean();
        Duration half = length.dividedBy(2);
        stops++;
        present.get(1 + zombie).stopFor(() -> {
            Micros.pause(half);
            if (killing) {
                kill(other);
            }
            Micros.pause(half);
        });
    }

    /** Restarts a worker as an operator does: tells it to end, waits for that, starts another, and waits until it works. */
    void restart(int worker) throws IOException, InterruptedException {
        ChildProcess child = present.get(1 + worker);
        checkAlive(child);
        if (!child.terminate()) {
            violated("not_closed", child.log().toString());
            child.kill();
        }
        restarts++;
        ChildProcess next = start("worker");
        present.set(1 + worker, next);
        next.await("ready");
    }

    /** Waits until the producer has said something. */
    void await(String word) throws IOException {
        present.get(0).await(word);
    }

    /** Ends the producer, so that the work comes to an end. */
    void silence() throws InterruptedException {
        checkAlive(present.get(0));
        present.get(0).kill();
    }

    /** Ends all of them. */
    void leave() throws InterruptedException {
        for (ChildProcess child : present) {
            checkAlive(child);
            child.kill();
        }
    }

    private void checkAlive(ChildProcess child) {
        if (child.hasDied()) {
            violated("died", child.log().toString());
        }
    }

    private void violated(String kind, String what) {
        violations.computeIfAbsent(kind, k -> new ArrayList<>()).add(what);
    }
}
