/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/** Calls about buckets: as much as is needed to look whether a bucket suits a queue, and to make one. */
final class BucketCalls {
    /** What GCS does unless told otherwise. */
    private static final Duration DEFAULT_SOFT_DELETE = Duration.ofDays(7);

    private final Buckets buckets;
    private final String endpoint;

    BucketCalls(Buckets buckets, String endpoint) {
        this.buckets = buckets;
        this.endpoint = endpoint;
    }

    Answer show(Route route, WireRequest request) {
        Bucket bucket = buckets.require(route.bucket());
        Preconditions conditions = Preconditions.of(request.parameters());
        if (conditions.metageneration().orElse(bucket.metageneration()) != bucket.metageneration()) {
            throw GcsError.preconditionFailed();
        }
        if (conditions.notMetageneration().orElse(-1) == bucket.metageneration()) {
            throw GcsError.notModified();
        }
        return FieldMask.answer(request, json(bucket));
    }

    Answer list(WireRequest request) {
        String prefix = request.parameters().text("prefix");
        ObjectNode root = Json.object();
        root.put("kind", "storage#buckets");
        ArrayNode items = root.putArray("items");
        for (Bucket bucket : buckets.all()) {
            if (bucket.settings().name().startsWith(prefix)) {
                items.add(json(bucket));
            }
        }
        return FieldMask.answer(request, root);
    }

    Answer create(WireRequest request) {
        ObjectNode resource = Json.parse(request.body());
        String name = resource.path("name").asText("");
        if (name.isEmpty()) {
            throw GcsError.required("name");
        }
        GcsBucketSettings plain =
                GcsBucketSettings.named(name).softDelete(DEFAULT_SOFT_DELETE).uniformAccess(false);
        return FieldMask.answer(request, json(buckets.create(changed(plain.location("US"), resource))));
    }

    Answer patch(Route route, WireRequest request) {
        Bucket bucket = buckets.require(route.bucket());
        ObjectNode resource = Json.parse(request.body());
        bucket.settings(settings -> changed(settings, resource));
        return FieldMask.answer(request, json(bucket));
    }

    Answer delete(Route route) {
        buckets.delete(route.bucket());
        return Answer.empty(204);
    }

    Answer testPermissions(Route route, WireRequest request) {
        buckets.require(route.bucket());
        ObjectNode root = Json.object();
        root.put("kind", "storage#testIamPermissionsResponse");
        ArrayNode granted = root.putArray("permissions");
        request.parameters().all("permissions").forEach(granted::add);
        return FieldMask.answer(request, root);
    }

    private static GcsBucketSettings changed(GcsBucketSettings settings, JsonNode resource) {
        GcsBucketSettings changed = settings;
        if (resource.path("location").isTextual()) {
            changed = changed.location(resource.path("location").textValue());
        }
        if (resource.path("storageClass").isTextual()) {
            changed = changed.storageClass(resource.path("storageClass").textValue());
        }
        if (resource.has("versioning")) {
            changed = changed.versioning(resource.at("/versioning/enabled").asBoolean(false));
        }
        JsonNode uniform = resource.at("/iamConfiguration/uniformBucketLevelAccess/enabled");
        if (uniform.isBoolean()) {
            changed = changed.uniformAccess(uniform.booleanValue());
        }
        if (resource.has("retentionPolicy")) {
            changed = changed.retention(Duration.ofSeconds(
                    resource.at("/retentionPolicy/retentionPeriod").asLong(0)));
        }
        if (resource.path("softDeletePolicy").isNull()) {
            // Null does not switch it off: it restores what GCS does by itself.
            changed = changed.softDelete(DEFAULT_SOFT_DELETE);
        } else if (resource.has("softDeletePolicy")) {
            changed = changed.softDelete(Duration.ofSeconds(
                    resource.at("/softDeletePolicy/retentionDurationSeconds").asLong(0)));
        }
        return changed;
    }

    private ObjectNode json(Bucket bucket) {
        GcsBucketSettings settings = bucket.settings();
        String created = Json.time(bucket.created());
        ObjectNode json = Json.object();
        json.put("kind", "storage#bucket");
        json.put("id", settings.name());
        json.put("name", settings.name());
        json.put("selfLink", endpoint + "/storage/v1/b/" + settings.name());
        json.put("projectNumber", "1");
        json.put("metageneration", Long.toString(bucket.metageneration()));
        json.put("location", settings.location());
        json.put("locationType", settings.location().contains("-") ? "region" : "multi-region");
        json.put("storageClass", settings.storageClass());
        json.put("timeCreated", created);
        json.put("updated", created);
        json.put("etag", "CA" + bucket.metageneration() + "=");
        json.putObject("versioning").put("enabled", settings.isVersioned());
        json.putObject("iamConfiguration")
                .putObject("uniformBucketLevelAccess")
                .put("enabled", settings.hasUniformAccess());
        json.putObject("softDeletePolicy")
                .put(
                        "retentionDurationSeconds",
                        Long.toString(settings.softDelete().toSeconds()))
                .put("effectiveTime", created);
        if (!settings.retention().isZero()) {
            json.putObject("retentionPolicy")
                    .put("retentionPeriod", Long.toString(settings.retention().toSeconds()))
                    .put("effectiveTime", created);
        }
        return json;
    }
}
