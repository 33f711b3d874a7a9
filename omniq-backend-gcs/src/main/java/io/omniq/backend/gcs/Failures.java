/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import com.google.api.client.http.HttpResponseException;
import com.google.auth.Retryable;
import com.google.cloud.BaseServiceException;
import io.omniq.store.StorageException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the client throws, as what the caller should do about it. */
final class Failures {
    static final int NOT_FOUND = 404;
    static final int PRECONDITION = 412;

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int TIMEOUT = 408;
    private static final int TOO_MANY = 429;
    private static final int SERVER = 500;
    private static final Pattern PERMISSION = Pattern.compile("storage\\.[a-zA-Z]+\\.[a-zA-Z]+");

    private static final Pattern QUOTA = Pattern.compile("(?i)ratelimit|quota|dailylimit");

    private final String bucket;

    Failures(String bucket) {
        this.bucket = bucket;
    }

    /** The HTTP status behind a failure; 0 when the service was not reached. */
    static int status(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BaseServiceException service && service.getCode() > 0) {
                return service.getCode();
            }
            if (cause instanceof HttpResponseException response) {
                return response.getStatusCode();
            }
        }
        return 0;
    }

    /** Whether the request was surely refused, and not perhaps carried out. */
    static boolean isRefusal(Throwable failure) {
        int status = status(failure);
        return isUnsent(failure) || (status >= 400 && status < SERVER && status != TIMEOUT);
    }

    /** Whether it failed before the request left: no connection, or no token to send with it. */
    private static boolean isUnsent(Throwable failure) {
        return has(failure, ConnectException.class)
                || has(failure, UnknownHostException.class)
                || has(failure, HttpConnectTimeoutException.class)
                || has(failure, Retryable.class);
    }

    private static boolean has(@Nullable Throwable failure, Class<?> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    /** A missing bucket is no missing object. */
    static boolean isMissingObject(Throwable failure) {
        return status(failure) == NOT_FOUND && !isMissingBucket(failure);
    }

    private static boolean isMissingBucket(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null && message.contains("bucket does not exist")) {
                return true;
            }
        }
        return false;
    }

    StorageException failure(String operation, String key, Throwable cause) {
        for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
            if (inner instanceof Retryable token) {
                return of(
                        operation,
                        key,
                        token.isRetryable() ? StorageException.Retry.YES : StorageException.Retry.NO,
                        "no access token was given for the credentials; is the account's key still valid, and the clock right",
                        cause);
            }
        }
        int status = status(cause);
        return switch (status) {
            case TOO_MANY ->
                of(
                        operation,
                        key,
                        StorageException.Retry.LATER,
                        "the service asks to slow down: too many requests, or too many changes of one object within a second",
                        cause);
            case UNAUTHORIZED ->
                of(
                        operation,
                        key,
                        StorageException.Retry.NO,
                        "the credentials were refused; are they those of a service account that still exists, and is the clock right",
                        cause);
            case FORBIDDEN -> forbidden(operation, key, cause);
            case NOT_FOUND ->
                of(
                        operation,
                        key,
                        StorageException.Retry.NO,
                        "the bucket does not exist, or cannot be seen with these credentials: bucket=" + bucket,
                        cause);
            default -> other(operation, key, status, cause);
        };
    }

    private StorageException forbidden(String operation, String key, Throwable cause) {
        String reason = reason(cause);
        if (QUOTA.matcher(reason).find()) {
            return of(
                    operation,
                    key,
                    StorageException.Retry.LATER,
                    "a quota of the project is used up; raise it, or send less: reason=" + reason,
                    cause);
        }
        if (reason.equals("retentionPolicyNotMet") || reason.equals("objectUnderActiveHold")) {
            return of(
                    operation,
                    key,
                    StorageException.Retry.NO,
                    "the bucket keeps its objects; remove its retention policy and holds: reason=" + reason + " bucket="
                            + bucket,
                    cause);
        }
        Matcher named = PERMISSION.matcher(String.valueOf(cause.getMessage()));
        String permission = named.find() ? named.group() : permissionFor(operation);
        return of(
                operation,
                key,
                StorageException.Retry.NO,
                "permission is missing; roles/storage.objectUser on the bucket has all that workers need: permission="
                        + permission + " bucket=" + bucket,
                cause);
    }

    private static String permissionFor(String operation) {
        return switch (operation) {
            case "get" -> "storage.objects.get";
            case "list" -> "storage.objects.list";
            case "create" -> "storage.objects.create";
            case "delete" -> "storage.objects.delete";
            default -> "storage.objects.create and storage.objects.delete";
        };
    }

    private StorageException other(String operation, String key, int status, Throwable cause) {
        boolean passing = status == 0 || status == TIMEOUT || status >= SERVER;
        String reason = status == 0
                ? isNetwork(cause)
                        ? "the service was not reached, or did not answer"
                        : "the answer could not be understood"
                : "the service failed: status=" + status;
        return of(operation, key, passing ? StorageException.Retry.YES : StorageException.Retry.NO, reason, cause);
    }

    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BaseServiceException service && service.getReason() != null) {
                return service.getReason();
            }
        }
        return "";
    }

    private static boolean isNetwork(Throwable failure) {
        return has(failure, IOException.class);
    }

    private static StorageException of(
            String operation, String key, StorageException.Retry retry, String reason, @Nullable Throwable cause) {
        return new StorageException(operation, key, retry, reason, cause);
    }
}
