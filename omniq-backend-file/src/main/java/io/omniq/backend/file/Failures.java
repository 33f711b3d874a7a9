/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.StorageException;
import io.omniq.store.StorageException.Retry;
import java.io.File;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Turns what the file system complains about into what the caller can do about it. */
final class Failures {
    /** A file somebody has open cannot be moved or deleted there, and that looks like a missing permission. */
    static final boolean WINDOWS = File.separatorChar == '\\';

    /** Less free space than this is none: a file takes at least a block, and so may the directory. */
    private static final long LEAST_SPACE = 8192;

    private Failures() {}

    static StorageException of(String operation, String key, Path root, IOException cause) {
        if (cause instanceof ClosedChannelException) {
            return closed(operation, key);
        }
        String where = " (" + detail(cause) + ", directory=" + root + ")";
        if (isDiskFull(root, cause)) {
            return new StorageException(operation, key, Retry.NO, "the disk is full, free space on it" + where, cause);
        }
        if (cause instanceof AccessDeniedException) {
            Retry retry = WINDOWS ? Retry.YES : Retry.NO;
            return new StorageException(operation, key, retry, "permission denied by the file system" + where, cause);
        }
        if (says(cause, "read-only")) {
            return new StorageException(operation, key, Retry.NO, "the file system is read-only" + where, cause);
        }
        return new StorageException(operation, key, Retry.YES, "the file system failed" + where, cause);
    }

    static StorageException closed(String operation, String key) {
        return new StorageException(operation, key, Retry.NO, "the store is closed", null);
    }

    /** A failure that lasts until somebody tidies the directory up. */
    static StorageException lasting(String operation, String key, String reason) {
        return new StorageException(operation, key, Retry.NO, reason, null);
    }

    private static boolean isDiskFull(Path root, IOException cause) {
        return says(cause, "no space left")
                || says(cause, "quota exceeded")
                || says(cause, "not enough space")
                || hasNoSpace(root);
    }

    /** For systems that complain in another language. */
    private static boolean hasNoSpace(Path root) {
        try {
            return Files.getFileStore(root).getUsableSpace() < LEAST_SPACE;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean says(IOException cause, String words) {
        String message = cause.getMessage();
        return message != null && message.toLowerCase(Locale.ROOT).contains(words);
    }

    private static String detail(IOException cause) {
        String name = cause.getClass().getSimpleName();
        String reason = cause instanceof FileSystemException failure ? failure.getReason() : cause.getMessage();
        return reason == null ? name : name + ": " + reason;
    }
}
