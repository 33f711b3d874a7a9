/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Google Cloud Storage for tests: the JSON API over HTTP, in memory, on loopback only. Every call on one bucket is
 * atomic. Thread-safe.
 *
 * <pre>{@code
 * try (GcsEmulator emulator = GcsEmulator.builder().bucket("b").start()) {
 *     Storage storage = StorageOptions.newBuilder()
 *             .setHost(emulator.endpoint())
 *             .setProjectId("test")
 *             .setCredentials(NoCredentials.getInstance())
 *             .build()
 *             .getService();
 *     emulator.faults().failNext(GcsMethod.OBJECTS_INSERT, GcsFault.lostAnswer());
 * }
 * }</pre>
 */
public final class GcsEmulator implements AutoCloseable {
    private static final String NO_DELAY = "sun.net.httpserver.nodelay";
    private static final int MOST_THREADS = 128;
    private static final int IDLE_SECONDS = 5;

    private final HttpServer server;
    private final ExecutorService threads;
    private final Gate gate = new Gate();
    private final CostMeter meter = new CostMeter();
    private final GcsFaults faults;
    private final ServerClock clock;
    private final Buckets buckets;
    private final String endpoint;

    GcsEmulator(GcsEmulatorBuilder settings) {
        clock = new ServerClock(settings.clock, settings.clockOffset);
        faults = settings.faults;
        buckets = new Buckets(clock, new MutationLimit(settings.mutationInterval));
        for (GcsBucketSettings bucket : settings.buckets) {
            create(bucket);
        }
        server = listen(settings.port);
        endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
        threads = threads();
        server.setExecutor(threads);
        server.createContext("/", new Front(pipeline(settings), meter, clock));
        server.start();
    }

    private void create(GcsBucketSettings bucket) {
        try {
            buckets.create(bucket);
        } catch (GcsError e) {
            throw new IllegalArgumentException("a bucket is named twice: bucket=" + bucket.name(), e);
        }
    }

    private static HttpServer listen(int port) {
        // Read once, when the server's classes load. Without it headers and body go out apart, and every answer waits
        // some 40 ms for the acknowledgement of the first half.
        if (System.getProperty(NO_DELAY) == null) {
            System.setProperty(NO_DELAY, "true");
        }
        try {
            InetAddress loopback = InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1});
            return HttpServer.create(new InetSocketAddress(loopback, port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen: port=" + port, e);
        }
    }

    private static ExecutorService threads() {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MOST_THREADS, MOST_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "gcs-emulator-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private Pipeline pipeline(GcsEmulatorBuilder settings) {
        ResumableUploads uploads = new ResumableUploads(buckets, endpoint);
        Service service = new Service(
                new BucketCalls(buckets, endpoint),
                new ObjectCalls(buckets, endpoint, settings.pageSize),
                new CopyCalls(buckets, endpoint),
                uploads,
                new RememberedAnswers(clock, settings.replayWindow));
        return new Pipeline(new Router(uploads), service, faults, meter, gate, settings.bearerToken);
    }

    /**
     * Starts one without buckets, with the defaults of {@link GcsEmulatorBuilder}.
     *
     * @return the emulator, ready for requests
     */
    public static GcsEmulator start() {
        return builder().start();
    }

    /** {@return settings to change and start from} */
    public static GcsEmulatorBuilder builder() {
        return new GcsEmulatorBuilder();
    }

    /** {@return the address to give to clients, such as {@code http://127.0.0.1:54321}} */
    public String endpoint() {
        return endpoint;
    }

    /** {@return the faults to script} */
    public GcsFaults faults() {
        return faults;
    }

    /** {@return what was asked so far, and what it would have cost} */
    public GcsOperations operations() {
        return meter.operations();
    }

    /**
     * Sets how far the server is ahead of its clock from now on.
     *
     * @param offset positive or negative; replaces the one before
     */
    public void clockOffset(Duration offset) {
        clock.offset(offset);
    }

    /**
     * How much the live objects of a bucket hold.
     *
     * @param bucket its name
     * @return bytes of content
     * @throws IllegalArgumentException when there is no such bucket
     */
    public long liveBytes(String bucket) {
        return require(bucket).liveBytes();
    }

    /**
     * How much a bucket holds, and would be billed for, that is live no longer: soft-deleted objects and old versions.
     *
     * @param bucket its name
     * @return bytes of content
     * @throws IllegalArgumentException when there is no such bucket
     */
    public long keptBytes(String bucket) {
        return require(bucket).keptBytes();
    }

    private Bucket require(String name) {
        try {
            return buckets.require(name);
        } catch (GcsError e) {
            throw new IllegalArgumentException("there is no such bucket: bucket=" + name, e);
        }
    }

    /**
     * Stops to listen and frees the port. Calls under way lose their answer; delays and holds end at once. Waits up to
     * five seconds for its threads, less when interrupted. A second close does nothing.
     */
    @Override
    public void close() {
        gate.close();
        server.stop(0);
        threads.shutdown();
        try {
            threads.awaitTermination(IDLE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "GcsEmulator[endpoint=" + endpoint + "]";
    }
}
