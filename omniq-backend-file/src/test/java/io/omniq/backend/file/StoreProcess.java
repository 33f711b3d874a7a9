/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.ObjectStore;
import io.omniq.store.ProcessWatch;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/**
 * What the processes of {@link DirectoryProcessesTest} run. Says {@code ready}, waits for a line on standard input, does
 * its work and reports it on standard output.
 */
final class StoreProcess {
    private StoreProcess() {}

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (ObjectStore store = open(FileLayout.valueOf(args[0]), Path.of(args[2]))) {
            out.println("ready");
            if (System.in.read() < 0) {
                throw new IOException("nobody said go");
            }
            switch (args[1]) {
                case "count" -> count(store, Integer.parseInt(args[3]), Integer.parseInt(args[4]), args[5]);
                case "create" -> create(store, Integer.parseInt(args[3]), args[4], out);
                case "write" -> writeUntilKilled(store, args[3], Long.parseLong(args[4]), out);
                case "dead" -> out.println("dead " + ((ProcessWatch) store).hasEnded(args[3]));
                case "tidy" -> removeDead(Path.of(args[2]));
                default -> throw new IllegalArgumentException(args[1]);
            }
            out.println("done");
        }
    }

    /** Opens a store whose files, with a journal, follow fast: that is where things go wrong. */
    static ObjectStore open(FileLayout layout, Path root) {
        return switch (layout) {
            case PLAIN -> DirectoryObjectStore.at(root);
            case JOURNAL -> JournalObjectStore.open(root, DirectoryObjectStore.builder(root), Duration.ofMillis(40));
        };
    }

    /** Does what a start does in two days. */
    private static void removeDead(Path root) throws IOException {
        Instant then = Instant.now().plus(Duration.ofDays(2));
        ProcessLock.take(root.resolve(".omniq/processes"), then).release();
    }

    /** Raises counters in turn by compare-and-set, from several threads. */
    private static void count(ObjectStore store, int threads, int rounds, String keys) throws InterruptedException {
        List<Thread> running = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        String[] counters = keys.split(",");
        for (int i = 0; i < threads; i++) {
            int offset = i;
            Thread thread = new Thread(() -> {
                for (int round = 0; round < rounds; round++) {
                    DirectorySharingTest.increment(store, counters[(round * 7 + offset) % counters.length]);
                }
            });
            thread.setUncaughtExceptionHandler((dead, e) -> {
                synchronized (failures) {
                    failures.add(e);
                }
            });
            running.add(thread);
            thread.start();
        }
        for (Thread thread : running) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("a thread failed", failures.get(0));
        }
    }

    /** Creates keys that others create too, and tells which of them are its own. */
    private static void create(ObjectStore store, int keys, String name, PrintStream out) {
        for (int i = 0; i < keys; i++) {
            WriteOutcome outcome = Stores.write(store, Write.create("race/" + i, Stores.bytes(name)));
            if (outcome.isApplied()) {
                out.println("won " + i);
            } else if (outcome.status() != Status.EXISTS) {
                throw new AssertionError(outcome.toString());
            }
        }
    }

    /**
     * Creates, replaces and deletes without end. Each step is told before it is tried ({@code try key body}, a body of
     * {@code -} being a delete), and again when it was acknowledged ({@code ack}).
     */
    private static void writeUntilKilled(ObjectStore store, String prefix, long seed, PrintStream out) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Version> known = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            String key = prefix + "/" + i % 4 + "/" + i;
            store.get(key).map(StoredObject::version).ifPresent(version -> known.put(key, version));
        }
        for (long n = 0; ; n++) {
            int i = random.nextInt(40);
            String key = prefix + "/" + i % 4 + "/" + i;
            Version version = known.remove(key);
            boolean delete = version != null && random.nextInt(4) == 0;
            String body = seed + "." + n;
            out.println("try " + key + " " + (delete ? "-" : body));
            WriteOutcome outcome = Stores.write(
                    store,
                    version == null
                            ? Write.create(key, sealed(body))
                            : delete ? Write.delete(key, version) : Write.replace(key, version, sealed(body)));
            if (!outcome.isApplied()) {
                throw new AssertionError(outcome.toString());
            }
            outcome.version().ifPresent(next -> known.put(key, next));
            out.println("ack");
        }
    }

    /** A body of some size that shows when it is not whole. */
    static byte[] sealed(String text) {
        StringBuilder body = new StringBuilder(text).append(' ');
        body.append("x".repeat(1 + Math.floorMod(text.hashCode(), 20_000))).append(' ');
        CRC32 sum = new CRC32();
        sum.update(Stores.bytes(body.toString()));
        return Stores.bytes(body.append(sum.getValue()).toString());
    }

    /** The text of a body, after a check that it is whole. */
    static String unsealed(byte[] body) {
        String all = new String(body, StandardCharsets.UTF_8);
        String text = all.substring(0, Math.max(0, all.indexOf(' ')));
        if (!all.equals(new String(sealed(text), StandardCharsets.UTF_8))) {
            throw new AssertionError("torn body of bytes=" + body.length);
        }
        return text;
    }
}
