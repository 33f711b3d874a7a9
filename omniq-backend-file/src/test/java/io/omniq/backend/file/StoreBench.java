/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.ListRequest;
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
import java.util.concurrent.CountDownLatch;

/**
 * What operations cost on a store, one JSON line for each figure: the median of the rounds, which are interleaved over the
 * stores. A measurement ends after so many operations or milliseconds, whichever comes first:
 * {@code bin/store-bench [--rounds N] [--millis N] [--operations N] [--stores journal,plain,...] [--metrics put,life,...]}.
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

    private int rounds = 3;
    private long millis = 300;
    private int operations = 10_000;
    private List<String> stores = List.of("journal", "plain", "journal+fsync", "plain+fsync");
    private List<String> metrics = List.of("put", "group", "life");
    private final Path home;
    private final Map<String, List<Double>> figures = new LinkedHashMap<>();

    private StoreBench(Path home, String[] args) {
        this.home = home;
        for (int i = 0; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--rounds" -> rounds = Integer.parseInt(args[i + 1]);
                case "--millis" -> millis = Long.parseLong(args[i + 1]);
                case "--operations" -> operations = Integer.parseInt(args[i + 1]);
                case "--stores" -> stores = List.of(args[i + 1].split(","));
                case "--metrics" -> metrics = List.of(args[i + 1].split(","));
                default -> throw new IllegalArgumentException("unknown option: " + args[i]);
            }
        }
    }

    public static void main(String[] args) throws Exception {
        Path home = Files.createTempDirectory("omniq-bench");
        try {
            new StoreBench(home, args).run();
        } finally {
            Stores.removeTree(home);
        }
    }

    private void run() throws Exception {
        for (String metric : metrics) {
            for (int round = 0; round <= rounds; round++) {
                for (String store : stores) {
                    measure(metric, store, round == 0 ? null : store);
                }
            }
        }
        figures.forEach((name, values) -> {
            values.sort(Comparator.naturalOrder());
            System.out.println(name.formatted(values.get(values.size() / 2), values.size()));
        });
    }

    /** One round on a fresh store; the first one, without a label, only warms up. */
    private void measure(String metric, String name, String label) throws Exception {
        switch (metric) {
            case "put" -> threads(name, label, "put", StoreBench::put);
            case "life" ->
                threads(name, label, "life (2 creates, claim, 2 reads, result, 2 deletes)", StoreBench::life);
            case "group" ->
                with(
                        name,
                        store -> tell(
                                label,
                                "groups of 100 puts",
                                rate(1, store, (s, t, i) -> i < operations / 100 ? group(s, t, i) : null)));
            case "get" ->
                with(name, store -> {
                    for (int i = 0; i < 1000; i++) {
                        put(store, 0, i);
                    }
                    tell(label, "get", rate(1, store, StoreBench::get));
                    tell(label, "list of 1000", rate(1, store, (s, t, i) -> s.list(ListRequest.of("tasks/"))));
                });
            case "files" -> files(name, label);
            case "heap" ->
                with(name, store -> {
                    long before = heap();
                    for (int i = 0; i < operations / 2; i++) {
                        enqueue(store, 0, i);
                    }
                    tell(
                            label,
                            "heap of an object, half with attributes",
                            "bytes",
                            (heap() - before) / (double) operations);
                });
            default -> throw new IllegalArgumentException("unknown metric: " + metric);
        }
    }

    private void threads(String name, String label, String metric, Operation operation) throws Exception {
        for (int threads : new int[] {1, 8}) {
            with(name, store -> tell(label, metric + ", threads=" + threads, rate(threads, store, operation)));
        }
    }

    /** How fast files come after the writes. */
    private void files(String name, String label) throws Exception {
        int objects = Math.min(operations, 10_000);
        ObjectStore store = open(name);
        for (int i = 0; i < objects / 2; i++) {
            enqueue(store, 0, i);
        }
        long start = System.nanoTime();
        long cpu = cpuNanos();
        store.close();
        tell(label, "files made at the end", "1/s", objects * 1e9 / (System.nanoTime() - start));
        tell(label, "files made at the end", "us of CPU", (cpuNanos() - cpu) / 1e3 / objects);
    }

    private interface Use {
        void of(ObjectStore store) throws Exception;
    }

    private interface Operation {
        /** Does one; false when there is nothing left to do. */
        Object run(ObjectStore store, int thread, int number);
    }

    private void with(String name, Use use) throws Exception {
        try (ObjectStore store = open(name)) {
            use.of(store);
        }
    }

    private ObjectStore open(String name) throws IOException {
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

    private double[] rate(int threads, ObjectStore store, Operation operation) throws InterruptedException {
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
                while (i < most && System.nanoTime() < end && operation.run(store, thread, i) != null) {
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

    private static Object put(ObjectStore store, int thread, int number) {
        return store.write(List.of(Write.create(name("tasks/", thread, number), TASK)))
                .get(0)
                .version()
                .orElseThrow();
    }

    private static Object get(ObjectStore store, int thread, int number) {
        return store.get(name("tasks/", thread, number % 1000)).orElseThrow();
    }

    private static Object life(ObjectStore store, int thread, int number) {
        Version[] created = enqueue(store, thread, number);
        String key = name("queues/default/100-", thread, number);
        Version claimed = store.write(List.of(Write.replace(key, created[1], ENTRY, ATTRIBUTES)))
                .get(0)
                .version()
                .orElseThrow();
        store.get(name("tasks/", thread, number)).orElseThrow();
        store.get(name("results/", thread, number));
        store.write(List.of(Write.create(name("results/", thread, number), ENTRY)));
        return store.write(
                List.of(Write.delete(key, claimed), Write.delete(name("tasks/", thread, number), created[0])));
    }

    private static Object group(ObjectStore store, int thread, int number) {
        List<Write> writes = new ArrayList<>(100);
        for (int i = 0; i < 100; i++) {
            writes.add(Write.create(name("tasks/", thread, number * 100 + i), TASK));
        }
        return store.write(writes);
    }
}
