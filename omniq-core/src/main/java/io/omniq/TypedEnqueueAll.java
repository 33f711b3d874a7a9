/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Enqueues a method many times; the compiler checks the arguments. What is alike shares batches, see
 * {@link OmniQ#enqueueAll(List)}; for methods with several arguments make the tasks with {@link OmniQ#newTask}.
 *
 * <p>Each method fails as those of {@link TypedEnqueue} do, and as {@link io.omniq.storage.TaskStorage#enqueueAll} does.
 */
@SuppressWarnings("overloads") // ambiguous for lambda expressions only, and those are refused
public interface TypedEnqueueAll {
    /**
     * What all the others do: enqueues a method once for each list of arguments.
     *
     * @param method the method
     * @param options the options of all of them
     * @param arguments the arguments of each, in order
     * @param <R> the type of its value
     * @return the tasks' handles, in the order of the arguments
     */
    <R> List<TaskHandle<R>> enqueueAllMethod(TaskMethod method, TaskOptions options, List<? extends List<?>> arguments);

    private static List<List<?>> each(List<?> arguments) {
        List<List<?>> lists = new ArrayList<>();
        arguments.forEach(argument -> lists.add(Collections.singletonList(argument)));
        return lists;
    }

    /**
     * Enqueues a method that returns a value, once for each argument.
     *
     * @param method the method
     * @param arguments the arguments
     * @param <A> the type of its argument
     * @param <R> the type of its value
     * @return the tasks' handles, in the order of the arguments
     */
    default <A, R> List<TaskHandle<R>> enqueueAll(TaskMethod.Function1<A, R> method, List<? extends A> arguments) {
        return enqueueAllMethod(method, TaskOptions.none(), each(arguments));
    }

    /**
     * Enqueues a method that returns a value, once for each argument, with options.
     *
     * @param method the method
     * @param arguments the arguments
     * @param options the options of all of them
     * @param <A> the type of its argument
     * @param <R> the type of its value
     * @return the tasks' handles, in the order of the arguments
     */
    default <A, R> List<TaskHandle<R>> enqueueAll(
            TaskMethod.Function1<A, R> method, List<? extends A> arguments, TaskOptions options) {
        return enqueueAllMethod(method, options, each(arguments));
    }

    /**
     * Enqueues a method that returns a stage, once for each argument.
     *
     * @param method the method
     * @param arguments the arguments
     * @param <A> the type of its argument
     * @param <R> the type of its value
     * @return the tasks' handles, in the order of the arguments
     */
    default <A, R> List<TaskHandle<R>> enqueueAll(TaskMethod.Stage1<A, R> method, List<? extends A> arguments) {
        return enqueueAllMethod(method, TaskOptions.none(), each(arguments));
    }

    /**
     * Enqueues a method that returns a stage, once for each argument, with options.
     *
     * @param method the method
     * @param arguments the arguments
     * @param options the options of all of them
     * @param <A> the type of its argument
     * @param <R> the type of its value
     * @return the tasks' handles, in the order of the arguments
     */
    default <A, R> List<TaskHandle<R>> enqueueAll(
            TaskMethod.Stage1<A, R> method, List<? extends A> arguments, TaskOptions options) {
        return enqueueAllMethod(method, options, each(arguments));
    }

    /**
     * Enqueues a method that returns nothing, once for each argument.
     *
     * @param method the method
     * @param arguments the arguments
     * @param <A> the type of its argument
     * @return the tasks' handles, in the order of the arguments
     */
    default <A> List<TaskHandle<Void>> enqueueAll(TaskMethod.Procedure1<A> method, List<? extends A> arguments) {
        return enqueueAllMethod(method, TaskOptions.none(), each(arguments));
    }

    /**
     * Enqueues a method that returns nothing, once for each argument, with options.
     *
     * @param method the method
     * @param arguments the arguments
     * @param options the options of all of them
     * @param <A> the type of its argument
     * @return the tasks' handles, in the order of the arguments
     */
    default <A> List<TaskHandle<Void>> enqueueAll(
            TaskMethod.Procedure1<A> method, List<? extends A> arguments, TaskOptions options) {
        return enqueueAllMethod(method, options, each(arguments));
    }
}
