/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.util.List;
import java.util.Set;

/** Tells from verb and path what a request is about. */
final class Router {
    private static final List<String> VERSION = List.of("storage", "v1");
    private static final List<String> RESUMABLE = List.of("resumable", "upload", "storage", "v1");
    private static final Set<String> COPIES = Set.of("copyTo", "rewriteTo");

    private final ResumableUploads uploads;

    Router(ResumableUploads uploads) {
        this.uploads = uploads;
    }

    Route route(WireRequest request) {
        List<String> path = request.path();
        if (path.get(0).equals("batch")) {
            return Route.of(request.verb().equals("POST") ? GcsMethod.BATCH : GcsMethod.UNKNOWN);
        }
        if (startsWith(path, RESUMABLE)) {
            return upload(request, path.subList(RESUMABLE.size(), path.size()));
        }
        if (path.get(0).equals("upload") && startsWith(path.subList(1, path.size()), VERSION)) {
            return upload(request, path.subList(3, path.size()));
        }
        if (path.get(0).equals("download") && startsWith(path.subList(1, path.size()), VERSION)) {
            return resource(request, path.subList(3, path.size()));
        }
        if (startsWith(path, VERSION)) {
            return resource(request, path.subList(2, path.size()));
        }
        return Route.of(GcsMethod.UNKNOWN);
    }

    private static boolean startsWith(List<String> path, List<String> start) {
        return path.size() >= start.size() && path.subList(0, start.size()).equals(start);
    }

    private Route upload(WireRequest request, List<String> path) {
        if (path.size() != 3 || !path.get(0).equals("b") || !path.get(2).equals("o")) {
            return Route.of(GcsMethod.UNKNOWN);
        }
        String bucket = path.get(1);
        String session = request.parameters().text("upload_id");
        if (!session.isEmpty()) {
            GcsMethod method = request.verb().equals("DELETE") ? GcsMethod.UPLOAD_CANCEL : GcsMethod.UPLOAD_CHUNK;
            return Route.object(method, bucket, uploads.nameOf(session));
        }
        if (!request.verb().equals("POST")) {
            return Route.of(GcsMethod.UNKNOWN);
        }
        boolean resumable = request.parameters().text("uploadType").equals("resumable");
        GcsMethod method = resumable ? GcsMethod.UPLOAD_START : GcsMethod.OBJECTS_INSERT;
        return Route.object(method, bucket, Upload.nameOf(request));
    }

    private static Route resource(WireRequest request, List<String> path) {
        if (path.isEmpty() || !path.get(0).equals("b")) {
            return Route.of(GcsMethod.UNKNOWN);
        }
        String verb = request.verb();
        boolean objects = path.size() >= 3 && path.get(2).equals("o");
        if (path.size() == 1) {
            return Route.of(buckets(verb));
        }
        String bucket = path.get(1);
        if (path.size() == 2) {
            return Route.bucket(bucket(verb), bucket);
        }
        if (path.size() == 3 && objects && verb.equals("GET")) {
            return Route.bucket(GcsMethod.OBJECTS_LIST, bucket);
        }
        if (path.size() == 4 && path.get(2).equals("iam") && path.get(3).equals("testPermissions")) {
            return Route.bucket(GcsMethod.BUCKETS_TEST_PERMISSIONS, bucket);
        }
        if (path.size() == 4 && objects) {
            return Route.object(object(request), bucket, path.get(3));
        }
        return path.size() > 4 && objects && verb.equals("POST") ? action(path) : Route.of(GcsMethod.UNKNOWN);
    }

    private static GcsMethod buckets(String verb) {
        return switch (verb) {
            case "GET" -> GcsMethod.BUCKETS_LIST;
            case "POST" -> GcsMethod.BUCKETS_INSERT;
            default -> GcsMethod.UNKNOWN;
        };
    }

    private static GcsMethod bucket(String verb) {
        return switch (verb) {
            case "GET" -> GcsMethod.BUCKETS_GET;
            case "PATCH" -> GcsMethod.BUCKETS_PATCH;
            case "DELETE" -> GcsMethod.BUCKETS_DELETE;
            default -> GcsMethod.UNKNOWN;
        };
    }

    private static GcsMethod object(WireRequest request) {
        boolean media = request.parameters().text("alt").equals("media");
        return switch (request.verb()) {
            case "GET" -> media ? GcsMethod.OBJECTS_DOWNLOAD : GcsMethod.OBJECTS_GET;
            case "PATCH" -> GcsMethod.OBJECTS_PATCH;
            case "PUT" -> GcsMethod.OBJECTS_UPDATE;
            case "DELETE" -> GcsMethod.OBJECTS_DELETE;
            default -> GcsMethod.UNKNOWN;
        };
    }

    /** What comes behind an object: {@code compose}, {@code restore}, {@code moveTo/o/x}, {@code copyTo/b/x/o/y}. */
    private static Route action(List<String> path) {
        String bucket = path.get(1);
        String object = path.get(3);
        String action = path.get(4);
        if (path.size() == 5 && action.equals("compose")) {
            return Route.object(GcsMethod.OBJECTS_COMPOSE, bucket, object);
        }
        if (path.size() == 5 && action.equals("restore")) {
            return Route.object(GcsMethod.OBJECTS_RESTORE, bucket, object);
        }
        if (path.size() == 7 && action.equals("moveTo") && path.get(5).equals("o")) {
            return new Route(GcsMethod.OBJECTS_MOVE, bucket, object, bucket, path.get(6));
        }
        if (path.size() == 9
                && COPIES.contains(action)
                && path.get(5).equals("b")
                && path.get(7).equals("o")) {
            GcsMethod method = action.equals("copyTo") ? GcsMethod.OBJECTS_COPY : GcsMethod.OBJECTS_REWRITE;
            return new Route(method, bucket, object, path.get(6), path.get(8));
        }
        return Route.of(GcsMethod.UNKNOWN);
    }
}
