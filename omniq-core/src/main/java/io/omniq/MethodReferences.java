/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.internal.worker.RegisteredTask;
import io.omniq.internal.worker.TaskRegistry;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Finds the task a method reference is to. */
final class MethodReferences {
    private final TaskRegistry registry;
    /** By the class of the reference, of which there is one for each place in the code; only where it tells the task. */
    private final Map<Class<?>, RegisteredTask> known = new ConcurrentHashMap<>();

    MethodReferences(TaskRegistry registry) {
        this.registry = registry;
    }

    RegisteredTask resolve(TaskMethod reference) {
        RegisteredTask task = known.get(reference.getClass());
        return task == null ? find(reference) : task;
    }

    private RegisteredTask find(TaskMethod reference) {
        SerializedLambda lambda = describe(reference);
        String where = lambda.getImplClass().replace('/', '.') + "." + lambda.getImplMethodName();
        boolean isStatic = lambda.getImplMethodKind() == MethodHandleInfo.REF_invokeStatic;
        if (lambda.getImplMethodName().startsWith("lambda$")) {
            throw new InvalidTaskException(
                    "a lambda expression is no task; use a method reference such as reports::render: found=" + where);
        }
        if (!isStatic && lambda.getCapturedArgCount() == 0) {
            throw new InvalidTaskException(
                    "the reference needs its object; use reports::render instead of Reports::render: found=" + where);
        }
        Method method = method(reference, lambda, where);
        List<RegisteredTask> found = registry.isEmpty()
                ? List.of(TaskRegistry.unregistered(method, registry.mapper()))
                : registry.find(method);
        if (found.size() == 1 && found.get(0).method().equals(method)) {
            known.put(reference.getClass(), found.get(0));
            return found.get(0);
        }
        // By an interface or a superclass: the object decides, and may be another one at the next call.
        return found.stream()
                .filter(task -> !isStatic && task.isOf(lambda.getCapturedArg(0)))
                .findFirst()
                .orElseThrow(() -> new InvalidTaskException(
                        "this method is not registered here as a task; register its object with the builder: method="
                                + where));
    }

    private static SerializedLambda describe(TaskMethod reference) {
        try {
            Method replace = reference.getClass().getDeclaredMethod("writeReplace");
            if (replace.trySetAccessible() && replace.invoke(reference) instanceof SerializedLambda lambda) {
                return lambda;
            }
        } catch (ReflectiveOperationException e) {
            throw new InvalidTaskException(
                    "not a method reference; use one such as reports::render: found="
                            + reference.getClass().getName(),
                    e);
        }
        throw new InvalidTaskException(
                "the method reference cannot be read; open its package to io.omniq.core, or enqueue by name: found="
                        + reference.getClass().getName());
    }

    private static Method method(TaskMethod reference, SerializedLambda lambda, String where) {
        try {
            ClassLoader loader = reference.getClass().getClassLoader();
            Class<?> owner = Class.forName(lambda.getImplClass().replace('/', '.'), false, loader);
            MethodType type = MethodType.fromMethodDescriptorString(lambda.getImplMethodSignature(), loader);
            return find(owner, lambda.getImplMethodName(), type);
        } catch (ReflectiveOperationException e) {
            throw new InvalidTaskException("the referenced method cannot be found: method=" + where, e);
        }
    }

    private static Method find(Class<?> owner, String name, MethodType type) throws NoSuchMethodException {
        for (Class<?> level = owner; level != null; level = level.getSuperclass()) {
            for (Method method : level.getDeclaredMethods()) {
                if (method.getName().equals(name)
                        && List.of(method.getParameterTypes()).equals(type.parameterList())
                        && !method.isBridge()) {
                    return method;
                }
            }
        }
        return owner.getMethod(name, type.parameterArray());
    }
}
