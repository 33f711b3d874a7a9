/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import com.google.cloud.ReadChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Storage;
import io.omniq.store.ListedObject;
import io.omniq.store.StorageException;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Reads whole objects, each with one request: what else is to be known of an object stands in the answer's headers. */
final class Reads {
    private static final String GENERATION = "x-goog-generation";

    private final GcsSettings settings;
    private final Failures failures;

    Reads(GcsSettings settings, Failures failures) {
        this.settings = settings;
        this.failures = failures;
    }

    Optional<StoredObject> read(Connection connection, String key, BlobId id) {
        try {
            connection.wire().forget();
            byte[] body = body(connection.storage(), id);
            AnswerHeaders headers = connection.wire().lastAnswer().orElseGet(() -> new AnswerHeaders(Map.of()));
            check(key, body, headers);
            return headers.text(GENERATION)
                    .map(generation -> object(connection.time(), key, generation, headers, body))
                    .or(() -> lookedUp(connection.storage(), key, id));
        } catch (IOException | RuntimeException e) {
            if (Failures.isMissingObject(e)) {
                return Optional.empty();
            }
            if (Failures.status(e) == Failures.PRECONDITION) { // it changed between two requests
                throw new StorageException("get", key, StorageException.Retry.YES, "the object changed meanwhile", e);
            }
            throw e instanceof StorageException known ? known : failures.failure("get", key, e);
        }
    }

    private byte[] body(Storage storage, BlobId id) throws IOException {
        try (ReadChannel channel = storage.reader(id)) {
            channel.setChunkSize(settings.blockSize());
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(settings.blockSize());
            while (channel.read(buffer) >= 0) {
                bytes.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
            return bytes.toByteArray();
        }
    }

    private static StoredObject object(
            ServerTime time, String key, String generation, AnswerHeaders headers, byte[] body) {
        // Where the service does not say when, it was now at the latest: nobody is taken for dead by that.
        Instant updated = headers.time("last-modified")
                .orElseGet(() -> Optional.ofNullable(time.now()).orElse(Instant.EPOCH));
        return new StoredObject(new ListedObject(key, new Version(generation), updated, Map.of()), body);
    }

    /** For a service that leaves the headers out: metadata, then the body of that generation. */
    private Optional<StoredObject> lookedUp(Storage storage, String key, BlobId id) {
        Blob blob = storage.get(id);
        if (blob == null) {
            return Optional.empty();
        }
        byte[] body = blob.getContent(Blob.BlobSourceOption.generationMatch());
        Version version = new Version(Long.toString(blob.getGeneration()));
        return Optional.of(
                new StoredObject(new ListedObject(key, version, GcsObjectStore.updated(blob), Map.of()), body));
    }

    private void check(String key, byte[] body, AnswerHeaders headers) {
        boolean right = switch (settings.consistency()) {
            case CRC32C -> fits(headers.hash("crc32c"), Checksums.crc32c(body));
            case MD5 -> fits(headers.hash("md5"), Checksums.md5(body));
            case SIZE -> fits(headers.text("x-goog-stored-content-length"), Integer.toString(body.length));
            case NONE -> true;
        };
        if (!right) {
            throw new StorageException(
                    "get",
                    key,
                    StorageException.Retry.YES,
                    "what came does not fit its checksum: check=" + settings.consistency() + " bytes=" + body.length,
                    null);
        }
    }

    private static boolean fits(Optional<String> told, String found) {
        return told.isEmpty() || told.get().equals(found);
    }
}
