/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.omniq.internal.protocol.Json;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Values as they come out of a store: a number has one type in memory and perhaps another when it is read. */
final class Written {
    private Written() {}

    static JsonNode json(@Nullable Object value) {
        ObjectMapper mapper = Json.mapper();
        byte[] text;
        try {
            text = mapper.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the value cannot be written as JSON: value=" + value, e);
        }
        try {
            return mapper.readTree(text);
        } catch (IOException e) {
            throw new IllegalArgumentException("the value cannot be read back as JSON: value=" + value, e);
        }
    }
}
