/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The {@code fields} parameter: {@code a,b/c,d(e,f/g),*}. A field that does not exist is left out silently. */
final class FieldMask {
    private final Map<String, FieldMask> fields = new LinkedHashMap<>();

    private FieldMask() {}

    /** The answer to a request: the resource, or the part of it that was asked for. */
    static Answer answer(WireRequest request, ObjectNode resource) {
        Answer whole = Answer.json(200, resource);
        Optional<String> fields = request.parameters().first("fields");
        return fields.isEmpty()
                ? whole
                : whole.withBody(Json.bytes(parse(fields.get()).apply(resource)));
    }

    static FieldMask parse(String text) {
        return new Parser(text).whole();
    }

    /** An empty mask takes all: it stands at the end of a path. */
    JsonNode apply(JsonNode node) {
        FieldMask all = fields.get("*");
        if (fields.isEmpty() || (all != null && all.fields.isEmpty())) {
            return node;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode masked = JsonNodeFactory.instance.arrayNode();
            array.forEach(element -> masked.add(apply(element)));
            return masked;
        }
        ObjectNode masked = Json.object();
        node.properties().forEach(field -> {
            FieldMask mask = fields.getOrDefault(field.getKey(), fields.get("*"));
            if (mask != null) {
                masked.set(field.getKey(), mask.apply(field.getValue()));
            }
        });
        return masked;
    }

    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        FieldMask whole() {
            FieldMask root = new FieldMask();
            list(root);
            if (at < text.length()) {
                throw malformed();
            }
            return root;
        }

        private void list(FieldMask parent) {
            path(parent);
            while (at < text.length() && text.charAt(at) == ',') {
                at++;
                path(parent);
            }
        }

        private void path(FieldMask parent) {
            FieldMask last = parent.fields.computeIfAbsent(name(), unused -> new FieldMask());
            while (at < text.length() && text.charAt(at) == '/') {
                at++;
                last = last.fields.computeIfAbsent(name(), unused -> new FieldMask());
            }
            if (at < text.length() && text.charAt(at) == '(') {
                at++;
                list(last);
                if (at == text.length() || text.charAt(at) != ')') {
                    throw malformed();
                }
                at++;
            }
        }

        private String name() {
            int from = at;
            while (at < text.length() && "/,()".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            if (at == from) {
                throw malformed();
            }
            return text.substring(from, at).trim();
        }

        private GcsError malformed() {
            return GcsError.invalidParameter("fields", text);
        }
    }
}
