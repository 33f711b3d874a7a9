/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

/** Carries calls out. Refusals become answers here. */
final class Service {
    private final BucketCalls bucketCalls;
    private final ObjectCalls objectCalls;
    private final CopyCalls copyCalls;
    private final ResumableUploads uploads;
    private final RememberedAnswers remembered;

    Service(
            BucketCalls bucketCalls,
            ObjectCalls objectCalls,
            CopyCalls copyCalls,
            ResumableUploads uploads,
            RememberedAnswers remembered) {
        this.bucketCalls = bucketCalls;
        this.objectCalls = objectCalls;
        this.copyCalls = copyCalls;
        this.uploads = uploads;
        this.remembered = remembered;
    }

    Answer answer(Route route, WireRequest request) {
        try {
            return remembered.replay(route, request).orElseGet(() -> {
                Answer answer = call(route, request);
                remembered.remember(route, request, answer);
                return answer;
            });
        } catch (GcsError e) {
            return ErrorBodies.answer(e);
        }
    }

    private Answer call(Route route, WireRequest request) {
        return switch (route.method()) {
            case BUCKETS_GET -> bucketCalls.show(route, request);
            case BUCKETS_INSERT -> bucketCalls.create(request);
            case BUCKETS_LIST -> bucketCalls.list(request);
            case BUCKETS_PATCH -> bucketCalls.patch(route, request);
            case BUCKETS_DELETE -> bucketCalls.delete(route);
            case BUCKETS_TEST_PERMISSIONS -> bucketCalls.testPermissions(route, request);
            case OBJECTS_INSERT -> objectCalls.insert(route, request);
            case OBJECTS_GET -> objectCalls.show(route, request);
            case OBJECTS_DOWNLOAD -> objectCalls.download(route, request);
            case OBJECTS_LIST -> objectCalls.list(route, request);
            case OBJECTS_PATCH -> objectCalls.patch(route, request);
            case OBJECTS_UPDATE -> objectCalls.update(route, request);
            case OBJECTS_DELETE -> objectCalls.delete(route, request);
            case OBJECTS_RESTORE -> objectCalls.restore(route, request);
            case OBJECTS_COPY -> copyCalls.copy(route, request);
            case OBJECTS_REWRITE -> copyCalls.rewrite(route, request);
            case OBJECTS_COMPOSE -> copyCalls.compose(route, request);
            case OBJECTS_MOVE -> copyCalls.move(route, request);
            case UPLOAD_START -> uploads.start(route, request);
            case UPLOAD_CHUNK -> uploads.chunk(request);
            case UPLOAD_CANCEL -> uploads.cancel(request);
            case BATCH -> throw GcsError.invalid("A batch cannot hold a batch.");
            case UNKNOWN -> throw GcsError.notEmulated(request.verb() + " /" + String.join("/", request.path()));
        };
    }
}
