/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

/** A refusal, thrown by whoever notices and answered as GCS words it. */
final class GcsError extends RuntimeException {
    private final int status;
    private final String reason;
    private final String domain;
    private final String locationType;
    private final String location;

    private GcsError(int status, String reason, String message, String domain, String locationType, String location) {
        super(message, null, false, false);
        this.status = status;
        this.reason = reason;
        this.domain = domain;
        this.locationType = locationType;
        this.location = location;
    }

    private static GcsError global(int status, String reason, String message) {
        return new GcsError(status, reason, message, "global", "", "");
    }

    static GcsError noObject(String bucket, String name) {
        return global(404, "notFound", "No such object: " + bucket + "/" + name);
    }

    static GcsError noBucket() {
        return global(404, "notFound", "The specified bucket does not exist.");
    }

    static GcsError notFound() {
        return global(404, "notFound", "Not Found");
    }

    static GcsError noUpload() {
        return global(404, "notFound", "No such resumable upload.");
    }

    static GcsError preconditionFailed() {
        return new GcsError(
                412,
                "conditionNotMet",
                "At least one of the pre-conditions you specified did not hold.",
                "global",
                "header",
                "If-Match");
    }

    /** No error to the client, but like one it ends the call; its answer has no body. */
    static GcsError notModified() {
        return new GcsError(304, "notModified", "Not Modified", "global", "header", "If-None-Match");
    }

    static GcsError tooFast(String bucket, String name) {
        return new GcsError(
                429,
                "rateLimitExceeded",
                "The object " + bucket + "/" + name + " exceeded the rate limit for object mutation operations"
                        + " (create, update, and delete). Please reduce your request rate."
                        + " See https://cloud.google.com/storage/docs/gcs429.",
                "usageLimits",
                "",
                "");
    }

    static GcsError invalid(String message) {
        return global(400, "invalid", message);
    }

    static GcsError invalidParameter(String name, String value) {
        return new GcsError(400, "invalidParameter", "Invalid value '" + value + "'.", "global", "parameter", name);
    }

    static GcsError required(String parameter) {
        return new GcsError(400, "required", "Required", "global", "parameter", parameter);
    }

    static GcsError unparsable(String message) {
        return global(400, "parseError", message);
    }

    static GcsError noToken() {
        return new GcsError(401, "required", "Login Required", "global", "header", "Authorization");
    }

    static GcsError wrongToken() {
        return new GcsError(401, "authError", "Invalid Credentials", "global", "header", "Authorization");
    }

    static GcsError retained(String bucket, String name) {
        return global(
                403,
                "retentionPolicyNotMet",
                "Object '" + bucket + "/" + name + "' is subject to bucket's retention policy or object retention"
                        + " and cannot be deleted or overwritten until the end of that period.");
    }

    static GcsError held(String bucket, String name) {
        return global(
                403,
                "objectUnderActiveHold",
                "Object '" + bucket + "/" + name + "' is under active Temporary hold and cannot be deleted,"
                        + " overwritten or archived until hold is removed.");
    }

    static GcsError bucketTaken() {
        return global(
                409, "conflict", "Your previous request to create the named bucket succeeded and you already own it.");
    }

    static GcsError bucketNotEmpty() {
        return global(409, "conflict", "The bucket you tried to delete is not empty.");
    }

    static GcsError unsatisfiableRange() {
        return new GcsError(
                416, "requestedRangeNotSatisfiable", "Request range not satisfiable", "global", "header", "Range");
    }

    static GcsError uploadOffset(long offset, long received) {
        return global(
                503,
                "backendError",
                "Invalid request. According to the Content-Range header, the upload offset is " + offset
                        + " byte(s), which exceeds already uploaded size of " + received + " byte(s).");
    }

    /** Says so with a status no client retries: the test is not to be right by luck. */
    static GcsError notEmulated(String what) {
        return global(501, "notImplemented", "the emulator does not do this: " + what);
    }

    /** What GCS sends, more or less, with a status nobody here noticed a reason for. */
    static GcsError injected(int status) {
        return switch (status) {
            case 400 -> invalid("Invalid argument.");
            case 401 -> wrongToken();
            case 403 -> global(403, "forbidden", "Forbidden");
            case 404 -> notFound();
            case 408 -> global(408, "requestTimeout", "Request Timeout");
            case 410 -> global(410, "gone", "Gone");
            case 412 -> preconditionFailed();
            case 429 ->
                new GcsError(
                        429,
                        "rateLimitExceeded",
                        "The request rate is too high. Please reduce your request rate.",
                        "usageLimits",
                        "",
                        "");
            case 500 -> global(500, "internalError", "We encountered an internal error. Please try again.");
            default ->
                status < 500
                        ? global(status, "badRequest", "Bad Request")
                        : global(status, "backendError", "Backend Error");
        };
    }

    int status() {
        return status;
    }

    String reason() {
        return reason;
    }

    String domain() {
        return domain;
    }

    String locationType() {
        return locationType;
    }

    String location() {
        return location;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
