/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.StorageException;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes objects. Everything happens under the stripe of the key: compare the version, write the new body to a
 * temporary file, give it a time later than any this key ever had, move it to its place. The move is the one moment at
 * which the write takes effect; a process may die before or after it, never during it.
 *
 * <p>The time is later than the clock's, than the replaced file's, and than the stripe's mark, which covers deleted
 * ones: so a time, and with it a version, never comes twice.
 */
final class DirectoryWriter {
    private final OpenDirectory directory;
    private final StoreClock clock;

    DirectoryWriter(OpenDirectory directory, StoreClock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** Applies a write to the file of its key. */
    WriteOutcome apply(Write write, Path file) {
        try (Stripe stripe = directory.locks().lock(write.key())) {
            directory.requireSame(operation(write), write.key());
            FileState current = FileState.of(file);
            boolean clash = directory.clashes(file);
            return switch (write.kind()) {
                case CREATE -> create(write, file, current, clash, stripe);
                case REPLACE -> {
                    Status refusal = refusal(write, current, clash);
                    yield refusal == null ? put(write, file, current, stripe) : WriteOutcome.refused(refusal);
                }
                case DELETE -> {
                    Status refusal = refusal(write, current, clash);
                    yield refusal == null ? delete(write, file, current, stripe) : WriteOutcome.refused(refusal);
                }
            };
        } catch (IOException e) {
            return WriteOutcome.failed(directory.failure(operation(write), write.key(), e));
        } catch (StorageException e) {
            return WriteOutcome.failed(e);
        }
    }

    private WriteOutcome create(Write write, Path file, @Nullable FileState current, boolean clash, Stripe stripe)
            throws IOException {
        if (clash) {
            throw Failures.lasting(
                    "create",
                    write.key(),
                    "the disk ignores the case of letters and has this name in another case (file=" + file + ")");
        }
        if (current == null) {
            return put(write, file, null, stripe);
        }
        if (current.kind() == FileState.Kind.FILE) {
            return WriteOutcome.refused(Status.EXISTS);
        }
        throw Failures.lasting(
                "create",
                write.key(),
                current.kind() == FileState.Kind.DIRECTORY
                        ? "a directory stands where the file must go, a directory store has no key beside keys below it"
                                + " (file=" + file + ")"
                        : "neither a file nor a directory stands there (file=" + file + ")");
    }

    /** Why a replace or delete does not happen, or {@code null} when it may. */
    private static @Nullable Status refusal(Write write, @Nullable FileState current, boolean clash) {
        if (current == null || current.kind() != FileState.Kind.FILE || clash) {
            return Status.ABSENT;
        }
        return current.version().equals(write.expected()) ? null : Status.CONFLICT;
    }

    private WriteOutcome put(Write write, Path file, @Nullable FileState current, Stripe stripe) throws IOException {
        long micros = Math.max(clock.micros(), stripe.mark() + 1);
        if (current != null) {
            micros = Math.max(micros, StoreClock.micros(current.updated()) + 1);
        }
        Path temp = directory.temps().write(write.body(), micros);
        FileState written;
        try {
            written = requireTime(write, temp, micros);
            place(temp, file);
        } catch (IOException | StorageException e) {
            return notPlaced(write, temp, e);
        }
        clock.saw(written.listed(write.key()));
        return settled(write, file, WriteOutcome.applied(written.version()));
    }

    /** A disk may refuse a time silently, far in the future for one; without its time the version would not be new. */
    private static FileState requireTime(Write write, Path temp, long micros) throws IOException {
        FileState written = FileState.of(temp);
        if (written == null) {
            throw new NoSuchFileException(temp.toString(), null, "the temporary file is gone");
        }
        if (StoreClock.micros(written.updated()) != micros) {
            throw Failures.lasting(
                    operation(write),
                    write.key(),
                    "the file system does not keep the time the file needs, time=" + micros + " kept="
                            + written.updated());
        }
        return written;
    }

    private void place(Path temp, Path file) throws IOException {
        try {
            Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            Path parent = DirectoryLayout.parent(file);
            // A directory that is missing may be there by now, made by another thread: then only the move is repeated.
            if (!(e instanceof NoSuchFileException) && Files.isDirectory(parent)) {
                throw e;
            }
            directory.sync().forget(parent);
            directory.layout().makeDirectoriesOf(file);
            Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** As long as the temporary file is there, or was missing before the move, the move did not happen. */
    private WriteOutcome notPlaced(Write write, Path temp, Exception cause) {
        boolean surely = cause instanceof NoSuchFileException || Files.exists(temp);
        TempFiles.discard(temp);
        StorageException failure = failure(write, cause);
        return surely ? WriteOutcome.failed(failure) : WriteOutcome.unknown(failure);
    }

    private StorageException failure(Write write, Exception cause) {
        if (cause instanceof FileAlreadyExistsException inTheWay) {
            return new StorageException(
                    operation(write),
                    write.key(),
                    StorageException.Retry.NO,
                    "a file stands where a directory is needed, a directory store has no key beside keys below it (file="
                            + inTheWay.getFile() + ")",
                    inTheWay);
        }
        return cause instanceof IOException e
                ? directory.failure(operation(write), write.key(), e)
                : (StorageException) cause;
    }

    private WriteOutcome delete(Write write, Path file, @Nullable FileState current, Stripe stripe) throws IOException {
        if (current != null) {
            // Rounded up, so that nothing created later can have the time of the file that goes.
            stripe.raiseMark(StoreClock.micros(current.updated()) + 1);
        }
        try {
            Files.delete(file);
        } catch (NoSuchFileException e) {
            return WriteOutcome.refused(Status.ABSENT);
        }
        return settled(write, file, WriteOutcome.applied(null));
    }

    private WriteOutcome settled(Write write, Path file, WriteOutcome outcome) {
        try {
            directory
                    .sync()
                    .entries(DirectoryLayout.parent(file), directory.layout().root());
            return outcome;
        } catch (IOException e) {
            // It took effect, but a loss of power might undo it.
            return WriteOutcome.unknown(directory.failure(operation(write), write.key(), e));
        }
    }

    static String operation(Write write) {
        return write.kind().name().toLowerCase(Locale.ROOT);
    }
}
