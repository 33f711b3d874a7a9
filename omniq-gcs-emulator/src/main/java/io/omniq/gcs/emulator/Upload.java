/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** An upload in one request: what the client says about the object, and the bytes. */
final class Upload {
    private static final String BINARY = "application/octet-stream";

    private final ObjectNode resource;
    private final byte[] bytes;
    private final String type;

    private Upload(ObjectNode resource, byte[] bytes, String type) {
        this.resource = resource;
        this.bytes = bytes;
        this.type = type;
    }

    static Upload of(WireRequest request) {
        String header = request.header("Content-Type").orElse("");
        return switch (request.parameters().text("uploadType")) {
            case "media" -> new Upload(Json.object(), request.body(), header);
            case "multipart" -> ofParts(Multipart.parse(request.body(), header));
            default ->
                throw GcsError.invalidParameter(
                        "uploadType", request.parameters().text("uploadType"));
        };
    }

    private static Upload ofParts(List<Multipart.Part> parts) {
        if (parts.size() != 2) {
            throw GcsError.invalid("A multipart upload has two parts.");
        }
        Multipart.Part media = parts.get(1);
        return new Upload(Json.parse(parts.get(0).content()), media.content(), media.header("Content-Type"));
    }

    /** The name of the object to be, for those who match calls; empty if the request is no good. */
    static String nameOf(WireRequest request) {
        String name = request.parameters().text("name");
        if (!name.isEmpty()) {
            return name;
        }
        try {
            return switch (request.parameters().text("uploadType")) {
                case "resumable" -> nameIn(Json.parse(request.body()));
                case "multipart" -> nameIn(of(request).resource);
                default -> "";
            };
        } catch (GcsError e) {
            // Whoever carries the call out will notice as well, and say so.
            return "";
        }
    }

    private static String nameIn(JsonNode resource) {
        return resource.path("name").asText("");
    }

    ObjectNode resource() {
        return resource;
    }

    Draft draft(WireRequest request, Bucket bucket) {
        return draft(request, bucket, resource, bytes, type);
    }

    /** Checks the hashes the client sent, in the resource or as headers, and completes the attributes. */
    static Draft draft(WireRequest request, Bucket bucket, ObjectNode resource, byte[] bytes, String type) {
        Content content = Content.uploaded(bytes);
        if (resource.path("crc32c").isTextual()) {
            content.requireCrc32c(resource.path("crc32c").textValue());
        }
        if (resource.path("md5Hash").isTextual()) {
            content.requireMd5(resource.path("md5Hash").textValue());
        }
        request.header("X-Goog-Hash").ifPresent(content::requireHashes);
        request.parameters().first("contentEncoding").ifPresent(coding -> resource.put("contentEncoding", coding));
        Attributes attributes = Attributes.of(
                resource, type.isEmpty() ? BINARY : type, bucket.settings().storageClass());
        return new Draft(content, attributes);
    }
}
