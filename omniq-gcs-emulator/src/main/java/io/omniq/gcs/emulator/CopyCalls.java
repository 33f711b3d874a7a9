/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.OptionalLong;

/** Calls that make objects out of objects. */
final class CopyCalls {
    private static final int MOST_SOURCES = 32;

    private final Buckets buckets;
    private final String endpoint;

    CopyCalls(Buckets buckets, String endpoint) {
        this.buckets = buckets;
        this.endpoint = endpoint;
    }

    Answer copy(Route route, WireRequest request) {
        return FieldMask.answer(request, BlobJson.of(copied(route, request), endpoint));
    }

    /** As a copy, but the answer tells of progress; here all is done at once. */
    Answer rewrite(Route route, WireRequest request) {
        Blob copy = copied(route, request);
        String size = Integer.toString(copy.content().size());
        ObjectNode root = Json.object();
        root.put("kind", "storage#rewriteResponse");
        root.put("totalBytesRewritten", size);
        root.put("objectSize", size);
        root.put("done", true);
        root.set("resource", BlobJson.of(copy, endpoint));
        return FieldMask.answer(request, root);
    }

    private Blob copied(Route route, WireRequest request) {
        Bucket sourceBucket = buckets.require(route.bucket());
        Bucket targetBucket = buckets.require(route.targetBucket());
        Parameters parameters = request.parameters();
        Blob source = sourceBucket.find(route.object(), parameters.number("sourceGeneration"));
        Preconditions.ofSource(parameters).requireForWrite(source);
        ObjectNode resource = Json.parse(request.body());
        // Attributes in the request replace those of the source, all of them: it is one or the other.
        Attributes attributes = resource.isEmpty()
                ? source.attributes()
                : Attributes.of(
                        resource,
                        source.attributes().text("contentType"),
                        targetBucket.settings().storageClass());
        return targetBucket.insert(
                route.target(), new Draft(source.content(), attributes), Preconditions.of(parameters));
    }

    Answer move(Route route, WireRequest request) {
        Parameters parameters = request.parameters();
        Blob moved = buckets.require(route.bucket())
                .move(route.object(), route.target(), Preconditions.ofSource(parameters), Preconditions.of(parameters));
        return FieldMask.answer(request, BlobJson.of(moved, endpoint));
    }

    Answer compose(Route route, WireRequest request) {
        Bucket bucket = buckets.require(route.bucket());
        ObjectNode resource = Json.parse(request.body());
        JsonNode sources = resource.path("sourceObjects");
        if (sources.isEmpty() || sources.size() > MOST_SOURCES) {
            throw GcsError.invalid("The number of source components must be 1 to " + MOST_SOURCES + ".");
        }
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        int components = 0;
        String type = "application/octet-stream";
        for (JsonNode entry : sources) {
            Blob source = source(bucket, entry);
            joined.writeBytes(source.content().bytes());
            components += Math.max(1, source.content().components());
            type = source.attributes().text("contentType");
        }
        Attributes attributes = Attributes.of(
                resource.path("destination"), type, bucket.settings().storageClass());
        Draft draft = new Draft(Content.composed(joined.toByteArray(), components), attributes);
        Blob composed = bucket.insert(route.object(), draft, Preconditions.of(request.parameters()));
        return FieldMask.answer(request, BlobJson.of(composed, endpoint));
    }

    private static Blob source(Bucket bucket, JsonNode entry) {
        Blob source = bucket.find(entry.path("name").asText(""), number(entry.path("generation")));
        OptionalLong wanted = number(entry.at("/objectPreconditions/ifGenerationMatch"));
        Preconditions.generation(wanted).requireForWrite(source);
        return source;
    }

    /** GCS writes 64-bit numbers as strings and reads both. */
    private static OptionalLong number(JsonNode node) {
        return node.isMissingNode() || node.isNull() ? OptionalLong.empty() : OptionalLong.of(node.asLong());
    }
}
