/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import io.omniq.internal.protocol.Json;
import io.omniq.model.TaskResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns arguments into JSON, and recorded outcomes into values or exceptions. */
final class Payloads {
    private final ObjectMapper mapper;

    Payloads(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    JavaType anyType() {
        return mapper.constructType(Object.class);
    }

    List<JsonNode> toJson(String name, List<?> values) {
        List<JsonNode> args = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            if (value instanceof TaskOptions) {
                throw new InvalidTaskException("options must be the last argument: name=" + name);
            }
            JsonNode plain = plain(value);
            if (plain != null) {
                args.add(plain);
                continue;
            }
            try {
                // By way of bytes: a tree made directly could hold live objects.
                args.add(Json.mapper().readTree(mapper.writeValueAsBytes(value)));
            } catch (IOException e) {
                throw new InvalidTaskException(
                        "argument cannot be written as JSON: name=" + name + " argument=" + (i + 1) + " type="
                                + (value == null ? "null" : value.getClass().getName()),
                        e);
            }
        }
        return args;
    }

    /** What the mapper of the library would make of the most frequent arguments, or null for all others. */
    private @Nullable JsonNode plain(@Nullable Object value) {
        if (!Json.isOwn(mapper)) {
            return null;
        }
        if (value instanceof Long number) {
            return number.intValue() == number ? IntNode.valueOf(number.intValue()) : LongNode.valueOf(number);
        }
        if (value instanceof Integer number) {
            return IntNode.valueOf(number);
        }
        return value instanceof Boolean truth ? BooleanNode.valueOf(truth) : null;
    }

    @Nullable
    Object value(TaskResult result, JavaType type) {
        return switch (result.status()) {
            case SUCCESS -> read(result, type);
            case ERROR ->
                throw new TaskFailedException(result.taskId(), result.errorType(), result.error(), result.traceback());
            case CANCELLED -> throw new TaskCancelledException(result.taskId(), String.valueOf(result.error()));
            case EXPIRED -> throw new TaskExpiredException(result.taskId());
            case PENDING -> throw new IllegalStateException("a pending result is never stored");
        };
    }

    private @Nullable Object read(TaskResult result, JavaType type) {
        JsonNode value = result.result();
        if (value == null || type.hasRawClass(void.class) || type.hasRawClass(Void.class)) {
            return null;
        }
        try {
            return mapper.readerFor(type).readValue(value);
        } catch (IOException e) {
            throw new OmniQException(
                    "the task's value does not fit its type: task=" + result.taskId() + " type=" + type.toCanonical(),
                    e);
        }
    }
}
