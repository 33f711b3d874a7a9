/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** Calls about one object, and listings. */
final class ObjectCalls {
    private final Buckets buckets;
    private final String endpoint;
    private final int pageSize;

    ObjectCalls(Buckets buckets, String endpoint, int pageSize) {
        this.buckets = buckets;
        this.endpoint = endpoint;
        this.pageSize = pageSize;
    }

    Answer insert(Route route, WireRequest request) {
        Bucket bucket = buckets.require(route.bucket());
        Upload upload = Upload.of(request);
        if (route.object().isEmpty()) {
            throw GcsError.required("name");
        }
        Draft draft = upload.draft(request, bucket);
        return shown(request, bucket.insert(route.object(), draft, Preconditions.of(request.parameters())));
    }

    Answer show(Route route, WireRequest request) {
        Blob blob = find(route, request);
        Preconditions.of(request.parameters()).requireForRead(blob);
        return shown(request, blob);
    }

    Answer download(Route route, WireRequest request) {
        Blob blob = find(route, request);
        Preconditions.of(request.parameters()).requireForRead(blob);
        return Media.answer(blob, request);
    }

    private Blob find(Route route, WireRequest request) {
        Bucket bucket = buckets.require(route.bucket());
        if (request.parameters().isTrue("softDeleted")) {
            return bucket.findSoftDeleted(route.object(), requiredGeneration(request));
        }
        return bucket.find(route.object(), generation(request));
    }

    Answer list(Route route, WireRequest request) {
        Bucket bucket = buckets.require(route.bucket());
        Listing page = bucket.list(Listing.Query.of(request.parameters(), pageSize));
        ObjectNode root = Json.object();
        root.put("kind", "storage#objects");
        if (page.next() != null) {
            root.put("nextPageToken", page.next().text());
        }
        if (!page.prefixes().isEmpty()) {
            ArrayNode prefixes = root.putArray("prefixes");
            page.prefixes().forEach(prefixes::add);
        }
        if (!page.items().isEmpty()) {
            ArrayNode items = root.putArray("items");
            page.items().forEach(blob -> items.add(BlobJson.of(blob, endpoint)));
        }
        return FieldMask.answer(request, root);
    }

    Answer patch(Route route, WireRequest request) {
        JsonNode resource = Json.parse(request.body());
        return change(route, request, attributes -> attributes.patched(resource));
    }

    Answer update(Route route, WireRequest request) {
        JsonNode resource = Json.parse(request.body());
        return change(route, request, attributes -> attributes.replaced(resource));
    }

    private Answer change(Route route, WireRequest request, UnaryOperator<Attributes> change) {
        Bucket bucket = buckets.require(route.bucket());
        Preconditions conditions = Preconditions.of(request.parameters());
        return shown(request, bucket.change(route.object(), generation(request), conditions, change));
    }

    Answer delete(Route route, WireRequest request) {
        Bucket bucket = buckets.require(route.bucket());
        bucket.delete(route.object(), generation(request), Preconditions.of(request.parameters()));
        return Answer.empty(204);
    }

    Answer restore(Route route, WireRequest request) {
        Bucket bucket = buckets.require(route.bucket());
        Preconditions conditions = Preconditions.of(request.parameters());
        return shown(request, bucket.restore(route.object(), requiredGeneration(request), conditions));
    }

    private static OptionalLong generation(WireRequest request) {
        return request.parameters().number("generation");
    }

    private static long requiredGeneration(WireRequest request) {
        return generation(request).orElseThrow(() -> GcsError.required("generation"));
    }

    private Answer shown(WireRequest request, Blob blob) {
        return FieldMask.answer(request, BlobJson.of(blob, endpoint));
    }
}
