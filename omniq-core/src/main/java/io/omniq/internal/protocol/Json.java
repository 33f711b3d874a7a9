/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.omniq.InvalidTaskException;
import io.omniq.storage.UnreadableRecordException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** How OmniQ's own records become bytes, and the mapper for payloads when the user brings none. */
public final class Json {
    /** The format every record is written in, and the newest this release reads. */
    static final int FORMAT = 1;

    // Exact decimals: an argument of 1.10 stays 1.10. No default typing: names in the data never choose classes.
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            // A zone is part of the value, not a way to write it.
            .enable(SerializationFeature.WRITE_DATES_WITH_ZONE_ID)
            .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Of a batch's definition: an object with an array of objects with arrays of arguments. */
    private static final int LEVELS = 4;

    private Json() {}

    /** {@return the mapper for payloads when the user brings none} */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /**
     * Whether a mapper is that one, and so writes and reads values in a way that is known here.
     *
     * @param mapper the mapper
     * @return whether it is
     */
    public static boolean isOwn(ObjectMapper mapper) {
        return mapper == MAPPER;
    }

    /** {@return an empty record of the current format} */
    static ObjectNode record() {
        return MAPPER.createObjectNode().put("format", FORMAT);
    }

    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new InvalidTaskException("a record cannot be written as JSON; is a value nested too deeply", e);
        }
    }

    /**
     * The bytes of a value that stands in a record, with so many levels around it as there are at most: what is nested deeper than
     * Jackson reads must be refused before it is written.
     */
    static byte[] innerBytes(JsonNode value) {
        if (!value.isContainerNode()) {
            return bytes(value);
        }
        JsonNode wrapped = value;
        for (int i = 0; i < LEVELS; i++) {
            wrapped = MAPPER.createArrayNode().add(wrapped);
        }
        byte[] bytes = bytes(wrapped);
        return Arrays.copyOfRange(bytes, LEVELS, bytes.length - LEVELS);
    }

    /** How many bytes it has. */
    static int size(JsonNode node) {
        return node.isInt() || node.isLong() ? node.asText().length() : bytes(node).length;
    }

    static JsonNode parse(String key, byte[] body) {
        try {
            return MAPPER.readTree(body);
        } catch (IOException e) {
            throw new UnreadableRecordException(key, "not valid JSON", e);
        }
    }

    /** Reads one record and checks its format. */
    static Fields fields(String key, byte[] body) {
        return fields(key, parse(key, body));
    }

    static Fields fields(String key, JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            throw new UnreadableRecordException(key, "not a JSON object", null);
        }
        Fields fields = new Fields(key, object);
        int format = fields.integer("format");
        if (format > FORMAT) {
            throw new UnreadableRecordException(key, format, FORMAT);
        }
        return fields;
    }

    static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(JsonNode node) {
        return MAPPER.convertValue(node, Map.class);
    }
}
