/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.TaskOptions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A task to be enqueued: what is called, with what, and how. The facade makes it from a method reference; producers that
 * use a task storage directly make it themselves.
 *
 * @param func the task's registered name
 * @param args the positional arguments as JSON
 * @param kwargs the arguments by parameter name as JSON
 * @param options queue, priority, times, retries; what is unset takes OmniQ's defaults
 */
public record NewTask(String func, List<JsonNode> args, Map<String, JsonNode> kwargs, TaskOptions options) {
    /** Checks the name and copies the collections. */
    public NewTask {
        Names.requireTaskName(func);
        args = List.copyOf(args);
        kwargs = kwargs.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(kwargs));
        Objects.requireNonNull(options, "options");
    }

    /**
     * A task without arguments and with default options.
     *
     * @param func the task's registered name
     * @return the task
     */
    public static NewTask of(String func) {
        return new NewTask(func, List.of(), Map.of(), TaskOptions.none());
    }

    /**
     * The same task with other positional arguments.
     *
     * @param args the arguments as JSON
     * @return the changed task
     */
    public NewTask withArgs(JsonNode... args) {
        return new NewTask(func, List.of(args), kwargs, options);
    }

    /**
     * The same task with other options.
     *
     * @param options the options
     * @return the changed task
     */
    public NewTask withOptions(TaskOptions options) {
        return new NewTask(func, args, kwargs, options);
    }
}
