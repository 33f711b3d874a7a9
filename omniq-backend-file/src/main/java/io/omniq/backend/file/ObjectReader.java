/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.ListedObject;
import io.omniq.store.StorageException;
import io.omniq.store.StoredObject;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects from the journal, or from their files. A file belongs to the state of its object by its time of change;
 * one that has another was changed by hand, which is taken over at once.
 */
final class ObjectReader {
    /** How often a read that meets changes begins again. */
    private static final int ATTEMPTS = 100;

    private final Journal journal;
    private final StoreClock clock;
    private final ForeignHands foreign;

    ObjectReader(Journal journal, StoreClock clock) {
        this.journal = journal;
        this.clock = clock;
        this.foreign = new ForeignHands(journal);
    }

    Optional<StoredObject> read(String key) throws IOException {
        byte[] name = Overlay.bytes(key);
        Overlay.Node before = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            Replica replica = journal.current("get", key);
            Overlay.Node node = replica.overlay().find(name);
            if (node == null) {
                return Optional.empty();
            }
            byte[] body = body(replica, key, node);
            if (body != null) {
                return Optional.of(new StoredObject(clock.saw(listed(key, node)), body));
            }
            if (node == before) {
                foreign.takeOver(key, clock.micros());
            }
            before = node;
        }
        throw new StorageException("get", key, StorageException.Retry.YES, "the object changes while it is read", null);
    }

    /** The bytes of an object, or {@code null} when it is somewhere else by now. */
    private byte @Nullable [] body(Replica replica, String key, Overlay.Node node) throws IOException {
        if (!replica.overlay().isInFile(node)) {
            byte[] line = replica.line(node);
            return line == null ? null : JournalLine.body(line, node.bodyAt());
        }
        Path file = journal.directory().layout().file(key);
        FileState before = FileState.of(file);
        if (before == null || !isOf(before, node)) {
            return null;
        }
        byte[] body;
        // A stream of java.io: an interrupt does not close it.
        try (InputStream in = new FileInputStream(file.toFile())) {
            body = in.readAllBytes();
        } catch (FileNotFoundException e) {
            // Gone, or there and closed to us: the stream does not say which.
            if (Files.exists(file) && !Files.isReadable(file)) {
                throw new AccessDeniedException(file.toString());
            }
            return null;
        }
        return before.equals(FileState.of(file)) ? body : null;
    }

    /** Whether a file is that of a known state of its object. */
    static boolean isOf(@Nullable FileState file, Overlay.Node node) {
        return file != null && file.kind() == FileState.Kind.FILE && StoreClock.micros(file.updated()) == node.time();
    }

    /** What a listing shows of an object. */
    static ListedObject listed(String key, Overlay.Node node) {
        return new ListedObject(
                key,
                GroupWriter.version(node.time()),
                Instant.EPOCH.plus(node.time(), ChronoUnit.MICROS),
                JsonTexts.values(node.attributes()));
    }
}
