/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.rpc.FixedHeaderProvider;
import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import io.omniq.store.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Google's client, made from the settings, and what belongs to it. Opened on first use. */
final class Connection {
    private final GcsSettings settings;
    private final Meter meter;
    private final ServerTime time;
    private final Wire wire;
    private final ExecutorService executor;
    private final Storage storage;

    Connection(GcsSettings settings, Meter meter) {
        this.meter = meter;
        this.settings = settings;
        this.time = new ServerTime(settings.nanos());
        this.executor = pool(settings.connections());
        this.wire = new Wire(settings.connectTimeout(), settings.readTimeout(), time, meter);
        this.storage = options().getService();
    }

    /** Daemon threads, so that an application can end without closing the backend. */
    private static ExecutorService pool(int most) {
        AtomicLong count = new AtomicLong();
        ThreadFactory threads = task -> {
            Thread thread = new Thread(task, "omniq-gcs-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        return new ThreadPoolExecutor(
                0, most, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), threads, Connection::rejected);
    }

    /** The caller runs what finds no free thread, so that nothing waits for a place in a queue. */
    private static void rejected(Runnable task, ThreadPoolExecutor pool) {
        if (pool.isShutdown()) {
            throw new RejectedExecutionException("the store is closed");
        }
        task.run();
    }

    private StorageOptions options() {
        StorageOptions.Builder options = StorageOptions.http()
                .setTransportOptions(HttpTransportOptions.newBuilder()
                        .setHttpTransportFactory(() -> wire)
                        .setConnectTimeout((int) settings.connectTimeout().toMillis())
                        .setReadTimeout((int) settings.readTimeout().toMillis())
                        .build())
                // The protocol asks again, and knows its own writes; a client that did so unasked would hide which
                // answer was the first.
                .setRetrySettings(RetrySettings.newBuilder().setMaxAttempts(1).build())
                .setHeaderProvider(FixedHeaderProvider.create("user-agent", "omniq-java/" + version()));
        String project = settings.project();
        String endpoint = settings.endpoint();
        if (endpoint != null) {
            options.setHost(endpoint)
                    .setCredentials(NoCredentials.getInstance())
                    .setProjectId("emulator");
        }
        if (project != null) {
            options.setProjectId(project);
        } else if (endpoint == null && StorageOptions.getDefaultProjectId() == null) {
            options.setProjectId("none"); // only buckets are made in projects, and OmniQ makes none
        }
        if (endpoint == null || settings.credentials() != null || settings.credentialsFile() != null) {
            options.setCredentials(credentials());
        }
        return settings.customizer().apply(options).build();
    }

    private static String version() {
        String version = Connection.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    private Credentials credentials() {
        Credentials given = settings.credentials();
        if (given instanceof GoogleCredentials google) {
            return google.createScoped(settings.access().scope());
        }
        if (given != null) {
            return given;
        }
        Path file = settings.credentialsFile();
        try {
            return (file == null ? GoogleCredentials.getApplicationDefault() : read(file))
                    .createScoped(settings.access().scope());
        } catch (IOException e) {
            throw new StorageException(
                    "connect",
                    "",
                    StorageException.Retry.NO,
                    file == null
                            ? "no credentials were found; set GOOGLE_APPLICATION_CREDENTIALS, pass credentials(...), or run"
                                    + " 'gcloud auth application-default login'"
                            : "the credentials file cannot be read: file=" + file,
                    e);
        }
    }

    private static GoogleCredentials read(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            return GoogleCredentials.fromStream(bytes);
        }
    }

    Storage storage() {
        return storage;
    }

    Wire wire() {
        return wire;
    }

    ServerTime time() {
        return time;
    }

    Meter meter() {
        return meter;
    }

    ExecutorService executor() {
        return executor;
    }

    void close() {
        executor.shutdown();
        try {
            storage.close();
        } catch (Exception e) {
            throw new StorageException("close", "", StorageException.Retry.NO, "the client cannot be closed", e);
        }
    }
}
