/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What clients may write about an object: content type and its kin, custom metadata, custom time, holds. Immutable. */
final class Attributes {
    private static final List<String> TEXTS = List.of(
            "contentType", "contentEncoding", "contentDisposition", "contentLanguage", "cacheControl", "storageClass");
    private static final Set<String> HOLDS = Set.of("temporaryHold", "eventBasedHold");
    private static final int METADATA_LIMIT = 8 * 1024;

    private final ObjectNode values;

    private Attributes(ObjectNode values) {
        this.values = values;
    }

    /** Those of a new object. */
    static Attributes of(JsonNode resource, String defaultType, String storageClass) {
        ObjectNode values = Json.object();
        values.put("contentType", defaultType);
        values.put("storageClass", storageClass);
        return new Attributes(values).patched(resource);
    }

    /** With what the resource names changed; null removes, and in custom metadata it removes single keys. */
    Attributes patched(JsonNode resource) {
        ObjectNode changed = values.deepCopy();
        TEXTS.forEach(name -> text(changed, name, resource.path(name)));
        HOLDS.forEach(name -> hold(changed, name, resource.path(name)));
        customTime(changed, resource.path("customTime"));
        metadata(changed, resource.path("metadata"));
        return new Attributes(changed);
    }

    /** With all of it replaced; a custom time cannot be taken back, so it must be named again. */
    Attributes replaced(JsonNode resource) {
        ObjectNode kept = Json.object();
        kept.set("storageClass", values.path("storageClass"));
        if (values.has("customTime")) {
            kept.set("customTime", values.path("customTime"));
            if (!resource.path("customTime").isTextual()) {
                throw GcsError.invalid("Custom time cannot be removed once it is set.");
            }
        }
        return new Attributes(kept).patched(resource);
    }

    private static void text(ObjectNode changed, String name, JsonNode value) {
        if (value.isNull()) {
            changed.remove(name);
        } else if (value.isTextual()) {
            changed.set(name, value);
        } else if (!value.isMissingNode()) {
            throw GcsError.invalid("Invalid value for: " + name);
        }
    }

    private static void hold(ObjectNode changed, String name, JsonNode value) {
        if (value.isNull()) {
            changed.remove(name);
        } else if (value.isBoolean()) {
            changed.set(name, value);
        } else if (!value.isMissingNode()) {
            throw GcsError.invalid("Invalid value for: " + name);
        }
    }

    private static void customTime(ObjectNode changed, JsonNode value) {
        JsonNode before = changed.path("customTime");
        if (value.isNull() && before.isTextual()) {
            throw GcsError.invalid("Custom time cannot be removed once it is set.");
        }
        if (value.isTextual()) {
            Instant time = instant(value.textValue());
            if (before.isTextual() && time.isBefore(instant(before.textValue()))) {
                throw GcsError.invalid("Custom time cannot be set to an earlier time.");
            }
            changed.put("customTime", Json.time(time));
        } else if (!value.isMissingNode() && !value.isNull()) {
            throw GcsError.invalid("Invalid value for: customTime");
        }
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw GcsError.invalid("Invalid value for: customTime");
        }
    }

    private static void metadata(ObjectNode changed, JsonNode value) {
        if (value.isMissingNode()) {
            return;
        }
        if (value.isNull()) {
            changed.remove("metadata");
            return;
        }
        if (!value.isObject()) {
            throw GcsError.invalid("Invalid value for: metadata");
        }
        ObjectNode merged = changed.withObjectProperty("metadata");
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            if (entry.getValue().isNull()) {
                merged.remove(entry.getKey());
            } else if (entry.getValue().isTextual()) {
                merged.set(entry.getKey(), entry.getValue());
            } else {
                throw GcsError.invalid("Invalid value for: metadata." + entry.getKey());
            }
        }
        if (merged.isEmpty()) {
            changed.remove("metadata");
        }
        requireSmall(merged);
    }

    private static void requireSmall(ObjectNode metadata) {
        int size = 0;
        for (Map.Entry<String, JsonNode> entry : metadata.properties()) {
            size += utf8(entry.getKey()) + utf8(entry.getValue().asText());
        }
        if (size > METADATA_LIMIT) {
            throw GcsError.invalid("The total size of custom metadata exceeds " + METADATA_LIMIT + " bytes.");
        }
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    String text(String name) {
        return values.path(name).asText("");
    }

    boolean isHeld() {
        return HOLDS.stream().anyMatch(name -> values.path(name).asBoolean(false));
    }

    void writeTo(ObjectNode resource) {
        resource.setAll(values.deepCopy());
    }
}
