/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import com.fasterxml.jackson.databind.node.TextNode;
import io.omniq.model.NewTask;
import io.omniq.storage.Backend;
import io.omniq.storage.Claim;
import io.omniq.storage.TaskStorage;
import io.omniq.store.ListRequest;
import io.omniq.store.MemoryObjectStore;
import io.omniq.store.ObjectStore;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * What operations cost on a store, one JSON line for each figure. Rounds are interleaved over the stores, and the median of
 * the rounds is told. A measurement ends after so many operations or milliseconds, whichever comes first: {@code bin/store-bench [--rounds N] [--millis N] [--operations N] [--stores journal,plain,...]}.
 */
final class StoreBench {
    private static final byte[] TASK =
            Stores.bytes("{\"format\":1,\"id\":\"01m7y3tq8b2ss1wpxq8w7ek6br\",\"func\":\"billing.invoice\","
                    + "\"args\":[\"c-43\",5],\"kwargs\":{},\"queue_name\":\"default\",\"priority\":0,"
                    + "\"created_at\":\"2026-11-21T03:54:01.116Z\",\"run_at\":\"2026-11-21T03:54:01.116Z\",\"max_retries\":9,"
                    + "\"timeout\":\"PT30S\",\"metadata\":{\"tenant\":\"acme\"},\"put\":\"ebb1443bbd90a846\"}");
    private static final byte[] ENTRY = Stores.bytes("{\"format\":1,\"task_id\":\"01m7y3tq8b2ss1wpxq8w7ek6br\","
            + "\"func\":\"billing.invoice\",\"queue_name\":\"default\",\"state\":\"ready\",\"attempt\":0,"
            + "\"put\":\"ebb1443bbd90a846\"}");
    private static final Map<String, String> ATTRIBUTES = Map.of(
            "task_id",
            "01m7y3tq8b2ss1wpxq8w7ek6br",
            "func",
            "billing.invoice",
            "queue_name",
            "default",
            "state",
            "ready");

    private final int rounds;
    private final long millis;
    private final int operations;
    private final List<String> stores;
    private final Path home;
    private final Map<String, List<Double>> figures = new LinkedHashMap<>();

    private StoreBench(int rounds, long millis, int operations, List<String> stores, Path home) {
        this.rounds = rounds;
        this.millis = millis;
        this.operations = operations;
        this.stores = stores;
        this.home = home;
    }

    public static void main(String[] args) throws Exception {
        int rounds = 3;
        long millis = 2000;
        int operations = 20_000;
        List<String> stores = List.of("memory", "journal", "journal+fsync", "plain", "plain+fsync");
        for (int i = 0; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--rounds" -> rounds = Integer.parseInt(args[i + 1]);
                case "--millis" -> millis = Long.parseLong(args[i + 1]);
                case "--operations" -> operations = Integer.parseInt(args[i + 1]);
                case "--stores" -> stores = List.of(args[i + 1].split(","));
                default -> throw new IllegalArgumentException("unknown option: " + args[i]);
            }
        }
        Path home = Files.createTempDirectory("omniq-bench");
        new StoreBench(rounds, millis, operations, stores, home).run();
        Stores.removeTree(home);
    }

    private void run() throws Exception {
        for (int round = 0; round <= rounds; round++) {
            for (String store : stores) {
                measure(store, round == 0 ? null : store);
            }
        }
        figures.forEach((name, values) -> {
            values.sort(Comparator.naturalOrder());
            System.out.println(name.formatted(values.get(values.size() / 2), values.size()));
        });
    }

    /** One round on a fresh store; the first one only warms up. */
    private void measure(String name, String label) throws Exception {
        for (int threads : new int[] {1, 8}) {
            with(
                    name,
                    store -> tell(
                            label,
                            "enqueue (2 creates), threads=" + threads,
                            rate(threads, (t, i) -> enqueue(store, t, i))));
            with(
                    name,
                    store -> tell(
                            label,
                            "life (create 2, claim, read 2, result, delete), threads=" + threads,
                            rate(threads, (t, i) -> life(store, t, i))));
        }
        with(
                name,
                store -> tell(
                        label,
                        "bulk (groups of 200 creates), groups",
                        rate(1, (t, i) -> i < operations / 200 && bulk(store, t, i) != null)));
        with(name, store -> {
            for (int i = 0; i < 1000; i++) {
                enqueue(store, 0, i);
            }
            tell(label, "list 1000", rate(1, (t, i) -> store.list(ListRequest.of("queues/"))));
            tell(
                    label,
                    "get",
                    rate(1, (t, i) -> store.get(name("tasks/", 0, i % 1000)).orElseThrow()));
            tell(label, "get, absent", rate(1, (t, i) -> store.get("results/none.json")));
        });
        with(name, store -> {
            long before = heap();
            for (int i = 0; i < operations; i++) {
                enqueue(store, 0, i);
            }
            tell(
                    label,
                    "heap of an object, half of them with attributes",
                    "bytes",
                    (heap() - before) / (2.0 * operations));
        });
        try (Backend backend = new Backend(open(name))) {
            TaskStorage tasks = backend.taskStorage();
            tell(label, "TaskStorage enqueue", rate(1, (t, i) -> tasks.enqueue(NewTask.of("mail.send"))));
            tell(label, "TaskStorage dequeue+complete", rate(1, (t, i) -> {
                Optional<Claim> claim = tasks.dequeue(List.of("default"));
                if (claim.isEmpty()) {
                    return false;
                }
                tasks.complete(claim.get(), TextNode.valueOf("sent"));
                return true;
            }));
        }
    }

    private interface Use {
        void of(ObjectStore store) throws Exception;
    }

    private interface Operation {
        /** Does one; false when there is nothing left to do. */
        Object run(int thread, int number);
    }

    private void with(String name, Use use) throws Exception {
        try (ObjectStore store = open(name)) {
            use.of(store);
        }
    }

    private ObjectStore open(String name) throws IOException {
        if (name.equals("memory")) {
            return new MemoryObjectStore();
        }
        Path path = Files.createTempDirectory(home, "store");
        DirectoryObjectStoreBuilder settings = DirectoryObjectStore.builder(path)
                .fsync(name.endsWith("+fsync") ? Durability.POWER_LOSS : Durability.PROCESS_CRASH);
        return name.startsWith("journal")
                ? JournalObjectStore.open(path, settings, Duration.ofSeconds(2))
                : settings.open();
    }

    private void tell(String label, String metric, double[] values) {
        tell(label, metric, "1/s", values[0]);
        tell(label, metric, "us of CPU", values[1]);
    }

    private void tell(String label, String metric, String unit, double value) {
        if (label != null) {
            figures.computeIfAbsent(
                            "{\"benchmark\":\"store\", \"store\":\"" + label + "\", \"metric\":\"" + metric
                                    + "\", \"unit\":\"" + unit + "\", \"value\":%.1f, \"n\":%d}",
                            key -> new ArrayList<>())
                    .add(value);
        }
    }

    private double[] rate(int threads, Operation operation) throws InterruptedException {
        long cpu = cpuNanos();
        CountDownLatch go = new CountDownLatch(1);
        int most = operations / threads;
        long[] done = new long[threads];
        long[] nanos = new long[threads];
        Thread[] running = new Thread[threads];
        for (int t = 0; t < threads; t++) {
            int thread = t;
            running[t] = new Thread(() -> {
                await(go);
                long start = System.nanoTime();
                long end = start + millis * 1_000_000;
                int i = 0;
                while (i < most && System.nanoTime() < end && !Boolean.FALSE.equals(operation.run(thread, i))) {
                    i++;
                }
                done[thread] = i;
                nanos[thread] = System.nanoTime() - start;
            });
            running[t].start();
        }
        go.countDown();
        for (Thread thread : running) {
            thread.join();
        }
        long count = Math.max(1, Arrays.stream(done).sum());
        return new double[] {count * 1e9 / Arrays.stream(nanos).max().orElseThrow(), (cpuNanos() - cpu) / 1e3 / count};
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** What all threads of this process took of the processors, which other processes change less than the time. */
    private static long cpuNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO)
                .toNanos();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String name(String kind, int thread, int number) {
        String digits = Integer.toString(number);
        return kind + "01m7y3tq8b" + thread + "00000000000000".substring(digits.length()) + digits + ".json";
    }

    private static Version[] enqueue(ObjectStore store, int thread, int number) {
        List<WriteOutcome> outcomes = store.write(List.of(
                Write.create(name("tasks/", thread, number), TASK),
                Write.create(name("queues/default/100-", thread, number), ENTRY, ATTRIBUTES)));
        return outcomes.stream().map(o -> o.version().orElseThrow()).toArray(Version[]::new);
    }

    private static Object life(ObjectStore store, int thread, int number) {
        Version entry = enqueue(store, thread, number)[1];
        String key = name("queues/default/100-", thread, number);
        Version claimed = store.write(List.of(Write.replace(key, entry, ENTRY, ATTRIBUTES)))
                .get(0)
                .version()
                .orElseThrow();
        store.get(name("tasks/", thread, number)).orElseThrow();
        store.get(name("results/", thread, number));
        store.write(List.of(Write.create(name("results/", thread, number), ENTRY)));
        return store.write(List.of(Write.delete(key, claimed)));
    }

    private static Object bulk(ObjectStore store, int thread, int number) {
        List<Write> writes = new ArrayList<>(200);
        for (int i = 0; i < 200; i++) {
            writes.add(Write.create(name("tasks/", thread, number * 200 + i), TASK));
        }
        return store.write(writes);
    }
}
