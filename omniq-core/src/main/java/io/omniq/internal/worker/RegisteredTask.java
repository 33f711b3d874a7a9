/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.omniq.InvalidTaskException;
import io.omniq.RetryFunction;
import io.omniq.RetryPolicy;
import io.omniq.TaskOptions;
import io.omniq.internal.protocol.Json;
import io.omniq.model.TaskRecord;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task method that can be run here: its name, its defaults, and how JSON becomes its arguments. */
public final class RegisteredTask {
    private static final Logger LOG = LoggerFactory.getLogger("io.omniq");
    /** Jackson would cut 1.5 to 1 for these. */
    private static final Set<Class<?>> WHOLE = Set.of(
            byte.class,
            Byte.class,
            short.class,
            Short.class,
            int.class,
            Integer.class,
            long.class,
            Long.class,
            BigInteger.class);

    private final String name;
    private final List<String> aliases;
    private final Object instance;
    private final Method method;
    private final ObjectMapper mapper;
    private final List<JavaType> parameters;
    private final JavaType valueType;
    private final TaskOptions defaults;
    private final RetryPolicy retry;
    private final @Nullable RetryFunction ownRetry;
    private final List<Class<? extends Throwable>> discardOn;

    RegisteredTask(TaskMethods.Parsed parsed, Object instance, ObjectMapper mapper) {
        this.name = parsed.name();
        this.aliases = parsed.aliases();
        this.instance = instance;
        this.method = parsed.method();
        this.mapper = mapper;
        this.parameters = parsed.parameters(mapper.getTypeFactory());
        this.valueType = parsed.valueType(mapper.getTypeFactory());
        this.defaults = parsed.defaults();
        this.retry = parsed.retry();
        this.ownRetry = parsed.ownRetry();
        this.discardOn = parsed.discardOn();
    }

    /** {@return its name} */
    public String name() {
        return name;
    }

    List<String> aliases() {
        return aliases;
    }

    /** {@return the method that runs it} */
    public Method method() {
        return method;
    }

    /**
     * Whether the task is an object's own.
     *
     * @param object the object of a method reference
     * @return whether it is of the class of the object that runs the task
     */
    public boolean isOf(Object object) {
        return instance.getClass() == object.getClass();
    }

    /** {@return the type of its value} */
    public JavaType valueType() {
        return valueType;
    }

    /**
     * What its annotation sets, with what the caller sets in its place.
     *
     * @param own the caller's options
     * @return options with queue, priority, time to live, attempts, timeout and batch size filled in
     */
    @SuppressWarnings("ReferenceEquality") // only a short cut
    public TaskOptions withDefaults(TaskOptions own) {
        if (own == TaskOptions.none()) {
            return defaults;
        }
        TaskOptions all = own;
        if (own.queue().isEmpty()) {
            all = all.queue(defaults.queue().orElseThrow());
        }
        if (own.priority().isEmpty()) {
            all = all.priority(defaults.priority().orElseThrow());
        }
        if (own.maxAttempts().isEmpty()) {
            all = all.maxAttempts(defaults.maxAttempts().orElseThrow());
        }
        if (own.batchSize().isEmpty()) {
            all = all.batchSize(defaults.batchSize().orElseThrow());
        }
        if (own.ttl().isEmpty() && defaults.ttl().isPresent()) {
            all = all.ttl(defaults.ttl().get());
        }
        if (own.timeout().isEmpty() && defaults.timeout().isPresent()) {
            all = all.timeout(defaults.timeout().get());
        }
        return all;
    }

    /**
     * Turns JSON into the method's arguments. Used before an enqueue too, so that what cannot be run is refused.
     *
     * @param args positional arguments
     * @param kwargs arguments by parameter name, after the positional ones
     * @return the arguments
     * @throws InvalidTaskException when number or types do not fit
     */
    public @Nullable Object[] bind(List<JsonNode> args, Map<String, JsonNode> kwargs) {
        if (args.size() + kwargs.size() != parameters.size()) {
            throw new InvalidTaskException("wrong number of arguments: name=" + name + " expected=" + signature()
                    + " given=" + (args.size() + kwargs.size()));
        }
        @Nullable Object[] bound = new Object[parameters.size()];
        for (int i = 0; i < bound.length; i++) {
            JsonNode json = i < args.size() ? args.get(i) : named(i, kwargs);
            bound[i] = convert(json, i);
        }
        return bound;
    }

    private JsonNode named(int index, Map<String, JsonNode> kwargs) {
        Parameter parameter = method.getParameters()[index]; // a copy each time, so only where it is needed
        if (!parameter.isNamePresent()) {
            throw new InvalidTaskException(
                    "arguments by name need a class compiled with -parameters; pass them by position: name=" + name);
        }
        JsonNode json = kwargs.get(parameter.getName());
        if (json == null) {
            throw new InvalidTaskException("argument is missing: name=" + name + " argument=" + parameter.getName()
                    + " given=" + kwargs.keySet());
        }
        return json;
    }

    private @Nullable Object convert(JsonNode json, int index) {
        JavaType type = parameters.get(index);
        if (json.isNull()) {
            if (type.isPrimitive()) {
                throw mismatch(json, index, null);
            }
            return null;
        }
        if (isScalarOfOtherKind(json, type.getRawClass())) {
            throw mismatch(json, index, null);
        }
        if (json.isIntegralNumber() && Json.isOwn(mapper)) { // the most frequent ones, as the mapper would
            if ((type.hasRawClass(long.class) || type.hasRawClass(Long.class)) && json.canConvertToLong()) {
                return json.longValue();
            }
            if ((type.hasRawClass(int.class) || type.hasRawClass(Integer.class)) && json.canConvertToInt()) {
                return json.intValue();
            }
        }
        try {
            return mapper.readerFor(type).readValue(json);
        } catch (java.io.IOException | IllegalArgumentException e) {
            throw mismatch(json, index, e);
        }
    }

    /** Jackson would turn a number into a text and "7" into 7; a queue that guesses hides mistakes. */
    private static boolean isScalarOfOtherKind(JsonNode json, Class<?> type) {
        boolean wantsNumber = Number.class.isAssignableFrom(type)
                || (type.isPrimitive() && type != boolean.class && type != char.class);
        return (type == String.class && !json.isTextual())
                || (wantsNumber && !json.isNumber())
                || (WHOLE.contains(type) && !json.canConvertToExactIntegral())
                || ((type == boolean.class || type == Boolean.class) && !json.isBoolean());
    }

    private InvalidTaskException mismatch(JsonNode json, int index, @Nullable Exception cause) {
        String text = json.toString();
        return new InvalidTaskException(
                "argument does not fit its parameter: name=" + name + " argument=" + (index + 1) + " expected="
                        + parameters.get(index).toCanonical() + " given="
                        + (text.length() > 100 ? text.substring(0, 100) + "..." : text),
                cause);
    }

    private String signature() {
        List<String> types = new ArrayList<>();
        parameters.forEach(type -> types.add(type.getRawClass().getSimpleName()));
        return "(" + String.join(", ", types) + ")";
    }

    /** Runs the method on this thread; what it throws comes out as it is. */
    @Nullable
    Object invoke(TaskRecord task) throws Throwable {
        @Nullable Object[] arguments = bind(task.args(), task.kwargs());
        try {
            return method.invoke(instance, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /**
     * Turns a value into JSON.
     *
     * @param value the value
     * @return the JSON, or null for none
     * @throws InvalidTaskException when it cannot be written
     */
    @Nullable
    JsonNode toJson(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        byte[] json;
        try {
            json = mapper.writerFor(valueType.isJavaLangObject() ? null : valueType)
                    .writeValueAsBytes(value);
        } catch (JsonProcessingException | RuntimeException | Error e) { // the value's own code runs here
            throw new InvalidTaskException(
                    "value cannot be written as JSON: name=" + name + " type="
                            + value.getClass().getName(),
                    e);
        }
        try {
            // By way of bytes: a tree made directly could hold live objects.
            return Json.mapper().readTree(json);
        } catch (java.io.IOException e) {
            throw new InvalidTaskException("value cannot be read back as JSON: name=" + name, e);
        }
    }

    /** The wait before the next attempt, or empty when there shall be none. */
    Optional<Duration> nextDelay(TaskRecord task, int failures, Throwable error, RandomGenerator random) {
        if (discardOn.stream().anyMatch(type -> type.isInstance(error))) {
            return Optional.empty();
        }
        RetryPolicy stored = task.retry();
        if (stored != null) {
            return Optional.of(stored.delay(failures, random));
        }
        return ownRetry != null
                ? ownDelay(ownRetry, failures, error, random)
                : Optional.of(retry.delay(failures, random));
    }

    /** A policy of the user's own that breaks must not keep the failure from being counted. */
    private Optional<Duration> ownDelay(RetryFunction own, int failures, Throwable error, RandomGenerator random) {
        try {
            Optional<Duration> delay = own.nextDelay(failures, error);
            if (delay.isEmpty() || !delay.get().isNegative()) {
                return delay;
            }
            LOG.error(
                    "a retry policy answered a negative delay; the usual one is used: name={} delay={}",
                    name,
                    delay.get());
        } catch (RuntimeException | Error e) {
            LOG.error("a retry policy failed; the usual one is used: name={}", name, e);
        }
        return Optional.of(retry.delay(failures, random));
    }
}
