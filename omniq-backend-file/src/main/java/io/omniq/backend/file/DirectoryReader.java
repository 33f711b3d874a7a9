/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.StorageException;
import io.omniq.store.StoredObject;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects. No lock is needed: a file never changes at its place, another one takes it. The state is taken before
 * and after the body; when both are equal the body belongs to it, since no state of a key comes twice.
 */
final class DirectoryReader {
    /** How often a read that met a writer begins again before it keeps writers out. */
    private static final int ATTEMPTS = 8;

    /** What a read that met no writer found. */
    private record Answer(Optional<StoredObject> object) {}

    private final OpenDirectory directory;
    private final StoreClock clock;

    DirectoryReader(OpenDirectory directory, StoreClock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    Optional<StoredObject> read(String key) {
        Path file = directory.layout().file(key);
        try {
            Answer answer = attempts(key, file);
            if (answer == null) {
                try (Stripe alone = directory.locks().lock(key)) {
                    answer = attempts(key, file);
                }
            }
            if (answer == null) {
                throw new StorageException(
                        "get",
                        key,
                        StorageException.Retry.YES,
                        "the file changes while it is read (file=" + file + ")",
                        null);
            }
            if (answer.object().isEmpty()) {
                directory.requireSame("get", key);
            }
            return answer.object();
        } catch (IOException e) {
            throw directory.failure("get", key, e);
        }
    }

    /** The answer, or {@code null} when the file changed during each attempt. */
    private @Nullable Answer attempts(String key, Path file) throws IOException {
        for (int i = 0; i < ATTEMPTS; i++) {
            FileState before = FileState.of(file);
            if (before == null || before.kind() == FileState.Kind.DIRECTORY || directory.clashes(file)) {
                return new Answer(Optional.empty());
            }
            if (before.kind() == FileState.Kind.OTHER) {
                throw Failures.lasting("get", key, "neither a file nor a directory stands there (file=" + file + ")");
            }
            byte[] body = body(file, before.size());
            if (body != null && before.equals(FileState.of(file))) {
                return new Answer(Optional.of(new StoredObject(clock.saw(before.listed(key)), body)));
            }
        }
        return null;
    }

    /** The bytes of a file, or {@code null} when it was not there any more or had another size. */
    private static byte @Nullable [] body(Path file, long size) throws IOException {
        if (size > Integer.MAX_VALUE - 16) {
            throw new IOException("the file is too large for an object: bytes=" + size);
        }
        // A stream of java.io: an interrupt does not close it.
        try (InputStream in = new FileInputStream(file.toFile())) {
            byte[] body = in.readNBytes((int) size + 1);
            return body.length == size ? body : null;
        } catch (FileNotFoundException e) {
            // Gone, or there and closed to us: the stream does not say which.
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isReadable(file)) {
                throw new AccessDeniedException(file.toString());
            }
            return null;
        }
    }
}
