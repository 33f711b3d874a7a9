/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Uploads in several requests. The object comes to be with the last byte, under the conditions of the first request. */
final class ResumableUploads {
    /** Pieces that do not end the upload are kept in multiples of this; the client is told how much that is. */
    private static final int QUANTUM = 256 * 1024;

    private final Buckets buckets;
    private final String endpoint;
    private final AtomicLong ids = new AtomicLong();
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    ResumableUploads(Buckets buckets, String endpoint) {
        this.buckets = buckets;
        this.endpoint = endpoint;
    }

    private record Start(WireRequest request, Bucket bucket, String name, ObjectNode resource, String type) {}

    private static final class Session {
        private final Start start;
        private byte[] received = new byte[0];
        private @Nullable Blob done;

        Session(Start start) {
            this.start = start;
        }
    }

    /** The object a session is for; empty if there is no such session. */
    String nameOf(String id) {
        Session session = sessions.get(id);
        return session == null ? "" : session.start.name();
    }

    Answer start(Route route, WireRequest request) {
        Bucket bucket = buckets.require(route.bucket());
        if (route.object().isEmpty()) {
            throw GcsError.required("name");
        }
        bucket.require(Names.requireValid(route.object()), Preconditions.of(request.parameters()));
        String id = "upload-" + ids.incrementAndGet();
        String type = request.header("X-Upload-Content-Type").orElse("");
        sessions.put(id, new Session(new Start(request, bucket, route.object(), Json.parse(request.body()), type)));
        String location =
                endpoint + "/upload/storage/v1/b/" + route.bucket() + "/o?uploadType=resumable&upload_id=" + id;
        return Answer.empty(200).with("Location", location).with("X-GUploader-UploadID", id);
    }

    Answer cancel(WireRequest request) {
        if (sessions.remove(request.parameters().text("upload_id")) == null) {
            throw GcsError.noUpload();
        }
        return Answer.empty(499);
    }

    Answer chunk(WireRequest request) {
        Session session = sessions.get(request.parameters().text("upload_id"));
        if (session == null) {
            throw GcsError.noUpload();
        }
        synchronized (session) {
            if (session.done != null) {
                return shown(session, session.done);
            }
            ContentRange range = ContentRange.of(request);
            take(session, range, request.body());
            long total = range.total().orElse(-1);
            if (session.received.length == total) {
                return finish(session, request);
            }
            if (total >= 0 && session.received.length > total) {
                throw GcsError.invalid("The upload is longer than its total size.");
            }
            return incomplete(session);
        }
    }

    private static void take(Session session, ContentRange range, byte[] piece) {
        if (range.first().isEmpty()) {
            return;
        }
        int there = session.received.length;
        long offset = range.first().getAsLong();
        if (offset > there) {
            throw GcsError.uploadOffset(offset, there);
        }
        int known = (int) Math.min(piece.length, there - offset);
        ByteArrayOutputStream joined = new ByteArrayOutputStream(there + piece.length - known);
        joined.writeBytes(session.received);
        joined.write(piece, known, piece.length - known);
        int kept = joined.size();
        if (range.total().isEmpty() || range.total().getAsLong() > kept) {
            kept = Math.max(there, kept - kept % QUANTUM);
        }
        session.received = Arrays.copyOf(joined.toByteArray(), kept);
    }

    private Answer incomplete(Session session) {
        int received = session.received.length;
        Answer answer = Answer.empty(308);
        return received == 0 ? answer : answer.with("Range", "bytes=0-" + (received - 1));
    }

    private Answer finish(Session session, WireRequest last) {
        Start start = session.start;
        last.header("X-Goog-Hash").ifPresent(Content.uploaded(session.received)::requireHashes);
        String type = start.type().isEmpty() ? last.header("Content-Type").orElse("") : start.type();
        Draft draft = Upload.draft(start.request(), start.bucket(), start.resource(), session.received, type);
        Blob blob = start.bucket()
                .insert(start.name(), draft, Preconditions.of(start.request().parameters()));
        session.done = blob;
        session.received = new byte[0];
        return shown(session, blob);
    }

    private Answer shown(Session session, Blob blob) {
        return FieldMask.answer(session.start.request(), BlobJson.of(blob, endpoint));
    }
}
