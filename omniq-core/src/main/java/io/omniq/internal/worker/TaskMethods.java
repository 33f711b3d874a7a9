/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.type.TypeFactory;
import io.omniq.InvalidTaskException;
import io.omniq.RetryFunction;
import io.omniq.RetryPolicy;
import io.omniq.Scheduled;
import io.omniq.Task;
import io.omniq.TaskOptions;
import io.omniq.model.Names;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Finds the {@code @Task} methods of a class and checks them, before anything runs. */
final class TaskMethods {
    private TaskMethods() {}

    /** A checked method with what its annotation says. */
    record Parsed(
            String name,
            List<String> aliases,
            Method method,
            TaskOptions defaults,
            RetryPolicy retry,
            @Nullable RetryFunction ownRetry,
            List<Class<? extends Throwable>> discardOn) {

        List<JavaType> parameters(TypeFactory types) {
            return Arrays.stream(method.getGenericParameterTypes())
                    .map(types::constructType)
                    .toList();
        }

        /** What the task's value is: for a stage, what it completes with. */
        JavaType valueType(TypeFactory types) {
            Type type = method.getGenericReturnType();
            if (!CompletionStage.class.isAssignableFrom(method.getReturnType())) {
                return types.constructType(type);
            }
            boolean known = type instanceof ParameterizedType;
            return types.constructType(known ? ((ParameterizedType) type).getActualTypeArguments()[0] : Object.class);
        }
    }

    /** The task methods of a class, inherited ones included. */
    static List<Parsed> of(Class<?> type) {
        List<Parsed> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Class<?> level = type; level != null && level != Object.class; level = level.getSuperclass()) {
            for (Method method : level.getDeclaredMethods()) {
                Task task = method.getAnnotation(Task.class);
                if (task == null && method.isAnnotationPresent(Scheduled.class) && !method.isBridge()) {
                    throw new InvalidTaskException("a @Scheduled method needs @Task: method="
                            + method.getDeclaringClass().getName() + "." + method.getName());
                }
                String signature = method.getName() + Arrays.toString(method.getParameterTypes());
                if (!method.isBridge() && seen.add(signature) && task != null) {
                    found.add(parse(method, task));
                }
            }
        }
        if (found.isEmpty()) {
            throw new InvalidTaskException("the class has no method with @Task: class=" + type.getName());
        }
        return found;
    }

    private static Parsed parse(Method method, Task task) {
        String where = method.getDeclaringClass().getName() + "." + method.getName();
        requireCallable(method, where);
        try {
            Names.requireTaskName(task.value());
            List.of(task.aliases()).forEach(Names::requireTaskName);
            TaskOptions defaults =
                    TaskOptions.inQueue(task.queue()).priority(task.priority()).maxAttempts(task.maxAttempts());
            Duration timeout = duration("timeout", task.timeout());
            defaults = timeout == null ? defaults : defaults.timeout(timeout);
            Duration ttl = duration("ttl", task.ttl());
            defaults = ttl == null ? defaults : defaults.ttl(ttl);
            return new Parsed(
                    task.value(),
                    List.of(task.aliases()),
                    method,
                    defaults,
                    retry(task),
                    ownRetry(task),
                    List.of(task.discardOn()));
        } catch (io.omniq.OmniQException | IllegalArgumentException e) {
            throw new InvalidTaskException("@Task cannot be used: " + e.getMessage() + " method=" + where, e);
        }
    }

    private static void requireCallable(Method method, String where) {
        if (!Modifier.isPublic(method.getModifiers())) {
            throw new InvalidTaskException("a @Task method must be public: method=" + where);
        }
        if (method.getTypeParameters().length > 0) {
            throw new InvalidTaskException(
                    "a @Task method must not be generic, because its arguments come from JSON: method=" + where);
        }
        if (!method.trySetAccessible()) {
            throw new InvalidTaskException(
                    "a @Task method must be accessible; make its class public and open its package to io.omniq.core: "
                            + "method=" + where);
        }
    }

    private static RetryPolicy retry(Task task) {
        RetryPolicy usual = RetryPolicy.exponential();
        Duration first = duration("retryDelay", task.retryDelay());
        Duration most = duration("maxRetryDelay", task.maxRetryDelay());
        Duration initial = first == null ? usual.initialDelay() : first;
        Duration longest = most != null ? most : longer(initial, usual.maxDelay());
        return RetryPolicy.exponential(initial, longest);
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private static @Nullable RetryFunction ownRetry(Task task) {
        if (task.retry() == RetryFunction.class) {
            return null;
        }
        try {
            return task.retry().getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    "the retry policy needs a public constructor without parameters: retry="
                            + task.retry().getName(),
                    e);
        }
    }

    private static @Nullable Duration duration(String name, String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    name + " must be an ISO-8601 duration such as PT30S: " + name + "=" + text, e);
        }
    }
}
