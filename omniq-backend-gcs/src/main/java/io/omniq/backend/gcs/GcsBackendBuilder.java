/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import com.google.auth.Credentials;
import com.google.cloud.storage.StorageOptions;
import io.omniq.store.ObjectKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes a {@link GcsBackend}. Only the bucket is required. Not safe for use by several threads. */
public final class GcsBackendBuilder {
    private static final int KIBI = 1024;
    private static final int MOST_PREFIX = 256;

    private final String bucket;
    private String prefix = "omniq/";
    private @Nullable String project;
    private @Nullable Path credentialsFile;
    private @Nullable Credentials credentials;
    private GcsAccess access = GcsAccess.READ_WRITE;
    private GcsConsistency consistency = GcsConsistency.CRC32C;
    private Duration cacheTimeout = Duration.ZERO;
    private int blockSize = 64 * KIBI;
    private int connections = 64;
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration readTimeout = Duration.ofSeconds(10);
    private @Nullable String endpoint = emulator();
    private UnaryOperator<StorageOptions.Builder> customizer = options -> options;
    private LongSupplier nanos = System::nanoTime;

    GcsBackendBuilder(String bucket) {
        if (bucket.isBlank() || bucket.contains("/")) {
            throw new IllegalArgumentException(
                    "bucket must be a bucket's name, without gs:// and path: bucket=" + bucket);
        }
        this.bucket = bucket;
    }

    private static @Nullable String emulator() {
        String host = System.getenv("STORAGE_EMULATOR_HOST");
        if (host == null || host.isBlank()) {
            return null;
        }
        return host.contains("://") ? host : "http://" + host;
    }

    /**
     * What every object's name begins with. A missing {@code /} at the end is added. Default: {@code omniq/}, as in the original.
     *
     * @param text the prefix; empty for none
     * @return this builder
     */
    public GcsBackendBuilder prefix(String text) {
        String ended = text.isEmpty() || text.endsWith("/") ? text : text + "/";
        if (!ended.isEmpty()) {
            ObjectKeys.requireValid(ended.substring(0, ended.length() - 1));
        }
        if (ended.length() > MOST_PREFIX) {
            throw new IllegalArgumentException(
                    "prefix must have at most " + MOST_PREFIX + " characters: prefix=" + text);
        }
        prefix = ended;
        return this;
    }

    /**
     * The project. Only needed where the credentials do not name one and a quota project is wanted. Default: the environment's.
     *
     * @param id the project's id
     * @return this builder
     */
    public GcsBackendBuilder project(String id) {
        project = Objects.requireNonNull(id, "id");
        return this;
    }

    /**
     * A service account's key file. Replaces {@link #credentials(Credentials)}. Default: {@code GOOGLE_APPLICATION_CREDENTIALS},
     * then the environment's own credentials.
     *
     * @param keyFile the JSON file; read when the backend connects
     * @return this builder
     */
    public GcsBackendBuilder credentials(Path keyFile) {
        credentialsFile = Objects.requireNonNull(keyFile, "keyFile");
        credentials = null;
        return this;
    }

    /**
     * Credentials made elsewhere. Replaces {@link #credentials(Path)}.
     *
     * @param object the credentials
     * @return this builder
     */
    public GcsBackendBuilder credentials(Credentials object) {
        credentials = Objects.requireNonNull(object, "object");
        credentialsFile = null;
        return this;
    }

    /**
     * What the backend may do. Default: {@link GcsAccess#READ_WRITE}.
     *
     * @param wanted the access
     * @return this builder
     */
    public GcsBackendBuilder access(GcsAccess wanted) {
        access = Objects.requireNonNull(wanted, "wanted");
        return this;
    }

    /**
     * How bodies are checked. Default: {@link GcsConsistency#CRC32C}.
     *
     * @param wanted the check
     * @return this builder
     */
    public GcsBackendBuilder consistency(GcsConsistency wanted) {
        consistency = Objects.requireNonNull(wanted, "wanted");
        return this;
    }

    /**
     * How long a listing of a queue is answered from memory. It hides for so long what other processes enqueue; the original's
     * 300 s did. Default: zero, never.
     *
     * @param timeout zero to 5 min
     * @return this builder
     */
    public GcsBackendBuilder cacheTimeout(Duration timeout) {
        cacheTimeout = range("cacheTimeout", timeout, Duration.ZERO, Duration.ofMinutes(5));
        return this;
    }

    /**
     * How many bytes are read into memory at a time. Default: 64 KiB, which holds nearly every record.
     *
     * @param bytes 1 KiB to 64 MiB
     * @return this builder
     */
    public GcsBackendBuilder blockSize(int bytes) {
        if (bytes < KIBI || bytes > 64 * KIBI * KIBI) {
            throw new IllegalArgumentException("blockSize must be 1024 to 67108864: blockSize=" + bytes);
        }
        blockSize = bytes;
        return this;
    }

    /**
     * How many requests of one group are sent side by side. Default: 64.
     *
     * @param count 1 to 1,000
     * @return this builder
     */
    public GcsBackendBuilder connections(int count) {
        if (count < 1 || count > 1000) {
            throw new IllegalArgumentException("connections must be 1 to 1000: connections=" + count);
        }
        connections = count;
        return this;
    }

    /**
     * How long to wait for a connection, and for an answer. Longer than a worker's lease makes no sense. Default: 5 s and 10 s.
     *
     * @param connect for a connection, 100 ms to 1 min
     * @param answer for an answer, 100 ms to 1 min
     * @return this builder
     */
    public GcsBackendBuilder timeouts(Duration connect, Duration answer) {
        connectTimeout = range("connect", connect, Duration.ofMillis(100), Duration.ofMinutes(1));
        readTimeout = range("answer", answer, Duration.ofMillis(100), Duration.ofMinutes(1));
        return this;
    }

    /**
     * Another address of the service, such as an emulator's; no credentials are sent there unless they are given here. Default: the
     * environment's {@code STORAGE_EMULATOR_HOST}, else Google's.
     *
     * @param url the address, such as {@code http://127.0.0.1:4443}
     * @return this builder
     */
    public GcsBackendBuilder endpoint(String url) {
        if (!url.startsWith("http://") && !url.startsWith("https://")) {
            throw new IllegalArgumentException("endpoint must begin with http:// or https://: endpoint=" + url);
        }
        endpoint = url;
        return this;
    }

    /**
     * Changes the client's options last, for what has no setting here. Default: nothing is changed.
     *
     * @param change given the options, returns them
     * @return this builder
     */
    public GcsBackendBuilder storageOptions(UnaryOperator<StorageOptions.Builder> change) {
        customizer = Objects.requireNonNull(change, "change");
        return this;
    }

    /** The local monotonic time; for tests. */
    GcsBackendBuilder nanos(LongSupplier clock) {
        nanos = clock;
        return this;
    }

    private static Duration range(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " must be " + least + " to " + most + ": " + name + "=" + value);
        }
        return value;
    }

    /** {@return the backend; it connects at its first use} */
    public GcsBackend build() {
        return new GcsBackend(new GcsObjectStore(new GcsSettings(
                bucket,
                prefix,
                project,
                credentialsFile,
                credentials,
                access,
                consistency,
                cacheTimeout,
                blockSize,
                connections,
                connectTimeout,
                readTimeout,
                endpoint,
                customizer,
                nanos)));
    }
}
