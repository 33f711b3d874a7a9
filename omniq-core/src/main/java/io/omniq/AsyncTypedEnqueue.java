/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Enqueues by method reference without blocking; the compiler checks the arguments.
 *
 * <p>The method must be registered, or, in a process that registers nothing, carry {@link Task}. Every enqueue may end with
 * {@link TaskOptions}. Arguments are written as JSON when the call runs: leave them
 * unchanged until its future ends.
 *
 * <p>Each method returns at once; its future fails with {@link InvalidTaskException} when the reference is no task, an argument cannot be written
 * as JSON or the arguments are too large, with {@link TaskConflictException} when the id of the options is taken by a task
 * with other settings, and with {@link io.omniq.store.StorageException} when the task could not be stored.
 */
@SuppressWarnings("overloads") // ambiguous for lambda expressions only, and those are refused
public interface AsyncTypedEnqueue {
    /**
     * What all the others do: enqueues a method with its arguments.
     *
     * @param method the method
     * @param options the options
     * @param arguments the arguments in order
     * @param <R> the type of its value
     * @return the task's handle
     */
    <R> CompletableFuture<TaskHandle<R>> enqueueMethod(TaskMethod method, TaskOptions options, List<?> arguments);

    /**
     * Enqueues a method that returns a value, with no arguments.
     *
     * @param method the method
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <R> CompletableFuture<TaskHandle<R>> enqueue(TaskMethod.Function0<R> method) {
        return enqueueMethod(method, TaskOptions.none(), List.of());
    }

    /**
     * Enqueues a method that returns a value, with no arguments and options.
     *
     * @param method the method
     * @param options the options
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <R> CompletableFuture<TaskHandle<R>> enqueue(TaskMethod.Function0<R> method, TaskOptions options) {
        return enqueueMethod(method, options, List.of());
    }

    /**
     * Enqueues a method that returns a stage, with no arguments.
     *
     * @param method the method
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <R> CompletableFuture<TaskHandle<R>> enqueue(TaskMethod.Stage0<R> method) {
        return enqueueMethod(method, TaskOptions.none(), List.of());
    }

    /**
     * Enqueues a method that returns a stage, with no arguments and options.
     *
     * @param method the method
     * @param options the options
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <R> CompletableFuture<TaskHandle<R>> enqueue(TaskMethod.Stage0<R> method, TaskOptions options) {
        return enqueueMethod(method, options, List.of());
    }

    /**
     * Enqueues a method that returns nothing, with no arguments.
     *
     * @param method the method
     * @return the task's handle
     */
    default CompletableFuture<TaskHandle<Void>> enqueue(TaskMethod.Procedure0 method) {
        return enqueueMethod(method, TaskOptions.none(), List.of());
    }

    /**
     * Enqueues a method that returns nothing, with no arguments and options.
     *
     * @param method the method
     * @param options the options
     * @return the task's handle
     */
    default CompletableFuture<TaskHandle<Void>> enqueue(TaskMethod.Procedure0 method, TaskOptions options) {
        return enqueueMethod(method, options, List.of());
    }

    /**
     * Enqueues a method that returns a value, with one argument.
     *
     * @param method the method
     * @param a argument 1
     * @param <A> the type of argument 1
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, R> CompletableFuture<TaskHandle<R>> enqueue(TaskMethod.Function1<A, R> method, A a) {
        return enqueueMethod(method, TaskOptions.none(), Arrays.asList(a));
    }

    /**
     * Enqueues a method that returns a value, with one argument and options.
     *
     * @param method the method
     * @param a argument 1
     * @param options the options
     * @param <A> the type of argument 1
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, R> CompletableFuture<TaskHandle<R>> enqueue(
            TaskMethod.Function1<A, R> method, A a, TaskOptions options) {
        return enqueueMethod(method, options, Arrays.asList(a));
    }

    /**
     * Enqueues a method that returns a stage, with one argument.
     *
     * @param method the method
     * @param a argument 1
     * @param <A> the type of argument 1
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, R> CompletableFuture<TaskHandle<R>> enqueue(TaskMethod.Stage1<A, R> method, A a) {
        return enqueueMethod(method, TaskOptions.none(), Arrays.asList(a));
    }

    /**
     * Enqueues a method that returns a stage, with one argument and options.
     *
     * @param method the method
     * @param a argument 1
     * @param options the options
     * @param <A> the type of argument 1
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, R> CompletableFuture<TaskHandle<R>> enqueue(TaskMethod.Stage1<A, R> method, A a, TaskOptions options) {
        return enqueueMethod(method, options, Arrays.asList(a));
    }

    /**
     * Enqueues a method that returns nothing, with one argument.
     *
     * @param method the method
     * @param a argument 1
     * @param <A> the type of argument 1
     * @return the task's handle
     */
    default <A> CompletableFuture<TaskHandle<Void>> enqueue(TaskMethod.Procedure1<A> method, A a) {
        return enqueueMethod(method, TaskOptions.none(), Arrays.asList(a));
    }

    /**
     * Enqueues a method that returns nothing, with one argument and options.
     *
     * @param method the method
     * @param a argument 1
     * @param options the options
     * @param <A> the type of argument 1
     * @return the task's handle
     */
    default <A> CompletableFuture<TaskHandle<Void>> enqueue(TaskMethod.Procedure1<A> method, A a, TaskOptions options) {
        return enqueueMethod(method, options, Arrays.asList(a));
    }

    /**
     * Enqueues a method that returns a value, with two arguments.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, R> CompletableFuture<TaskHandle<R>> enqueue(TaskMethod.Function2<A, B, R> method, A a, B b) {
        return enqueueMethod(method, TaskOptions.none(), Arrays.asList(a, b));
    }

    /**
     * Enqueues a method that returns a value, with two arguments and options.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param options the options
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, R> CompletableFuture<TaskHandle<R>> enqueue(
            TaskMethod.Function2<A, B, R> method, A a, B b, TaskOptions options) {
        return enqueueMethod(method, options, Arrays.asList(a, b));
    }

    /**
     * Enqueues a method that returns a stage, with two arguments.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, R> CompletableFuture<TaskHandle<R>> enqueue(TaskMethod.Stage2<A, B, R> method, A a, B b) {
        return enqueueMethod(method, TaskOptions.none(), Arrays.asList(a, b));
    }

    /**
     * Enqueues a method that returns a stage, with two arguments and options.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param options the options
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, R> CompletableFuture<TaskHandle<R>> enqueue(
            TaskMethod.Stage2<A, B, R> method, A a, B b, TaskOptions options) {
        return enqueueMethod(method, options, Arrays.asList(a, b));
    }

    /**
     * Enqueues a method that returns nothing, with two arguments.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @return the task's handle
     */
    default <A, B> CompletableFuture<TaskHandle<Void>> enqueue(TaskMethod.Procedure2<A, B> method, A a, B b) {
        return enqueueMethod(method, TaskOptions.none(), Arrays.asList(a, b));
    }

    /**
     * Enqueues a method that returns nothing, with two arguments and options.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param options the options
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @return the task's handle
     */
    default <A, B> CompletableFuture<TaskHandle<Void>> enqueue(
            TaskMethod.Procedure2<A, B> method, A a, B b, TaskOptions options) {
        return enqueueMethod(method, options, Arrays.asList(a, b));
    }

    /**
     * Enqueues a method that returns a value, with three arguments.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, C, R> CompletableFuture<TaskHandle<R>> enqueue(
            TaskMethod.Function3<A, B, C, R> method, A a, B b, C c) {
        return enqueueMethod(method, TaskOptions.none(), Arrays.asList(a, b, c));
    }

    /**
     * Enqueues a method that returns a value, with three arguments and options.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param options the options
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, C, R> CompletableFuture<TaskHandle<R>> enqueue(
            TaskMethod.Function3<A, B, C, R> method, A a, B b, C c, TaskOptions options) {
        return enqueueMethod(method, options, Arrays.asList(a, b, c));
    }

    /**
     * Enqueues a method that returns a stage, with three arguments.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, C, R> CompletableFuture<TaskHandle<R>> enqueue(TaskMethod.Stage3<A, B, C, R> method, A a, B b, C c) {
        return enqueueMethod(method, TaskOptions.none(), Arrays.asList(a, b, c));
    }

    /**
     * Enqueues a method that returns a stage, with three arguments and options.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param options the options
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, C, R> CompletableFuture<TaskHandle<R>> enqueue(
            TaskMethod.Stage3<A, B, C, R> method, A a, B b, C c, TaskOptions options) {
        return enqueueMethod(method, options, Arrays.asList(a, b, c));
    }

    /**
     * Enqueues a method that returns nothing, with three arguments.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @return the task's handle
     */
    default <A, B, C> CompletableFuture<TaskHandle<Void>> enqueue(
            TaskMethod.Procedure3<A, B, C> method, A a, B b, C c) {
        return enqueueMethod(method, TaskOptions.none(), Arrays.asList(a, b, c));
    }

    /**
     * Enqueues a method that returns nothing, with three arguments and options.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param options the options
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @return the task's handle
     */
    default <A, B, C> CompletableFuture<TaskHandle<Void>> enqueue(
            TaskMethod.Procedure3<A, B, C> method, A a, B b, C c, TaskOptions options) {
        return enqueueMethod(method, options, Arrays.asList(a, b, c));
    }

    /**
     * Enqueues a method that returns a value, with four arguments.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param d argument 4
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, C, D, R> CompletableFuture<TaskHandle<R>> enqueue(
            TaskMethod.Function4<A, B, C, D, R> method, A a, B b, C c, D d) {
        return enqueueMethod(method, TaskOptions.none(), Arrays.asList(a, b, c, d));
    }

    /**
     * Enqueues a method that returns a value, with four arguments and options.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param d argument 4
     * @param options the options
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, C, D, R> CompletableFuture<TaskHandle<R>> enqueue(
            TaskMethod.Function4<A, B, C, D, R> method, A a, B b, C c, D d, TaskOptions options) {
        return enqueueMethod(method, options, Arrays.asList(a, b, c, d));
    }

    /**
     * Enqueues a method that returns a stage, with four arguments.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param d argument 4
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, C, D, R> CompletableFuture<TaskHandle<R>> enqueue(
            TaskMethod.Stage4<A, B, C, D, R> method, A a, B b, C c, D d) {
        return enqueueMethod(method, TaskOptions.none(), Arrays.asList(a, b, c, d));
    }

    /**
     * Enqueues a method that returns a stage, with four arguments and options.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param d argument 4
     * @param options the options
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, C, D, R> CompletableFuture<TaskHandle<R>> enqueue(
            TaskMethod.Stage4<A, B, C, D, R> method, A a, B b, C c, D d, TaskOptions options) {
        return enqueueMethod(method, options, Arrays.asList(a, b, c, d));
    }

    /**
     * Enqueues a method that returns nothing, with four arguments.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param d argument 4
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @return the task's handle
     */
    default <A, B, C, D> CompletableFuture<TaskHandle<Void>> enqueue(
            TaskMethod.Procedure4<A, B, C, D> method, A a, B b, C c, D d) {
        return enqueueMethod(method, TaskOptions.none(), Arrays.asList(a, b, c, d));
    }

    /**
     * Enqueues a method that returns nothing, with four arguments and options.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param d argument 4
     * @param options the options
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @return the task's handle
     */
    default <A, B, C, D> CompletableFuture<TaskHandle<Void>> enqueue(
            TaskMethod.Procedure4<A, B, C, D> method, A a, B b, C c, D d, TaskOptions options) {
        return enqueueMethod(method, options, Arrays.asList(a, b, c, d));
    }

    /**
     * Enqueues a method that returns a value, with five arguments.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param d argument 4
     * @param e argument 5
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <E> the type of argument 5
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, C, D, E, R> CompletableFuture<TaskHandle<R>> enqueue(
            TaskMethod.Function5<A, B, C, D, E, R> method, A a, B b, C c, D d, E e) {
        return enqueueMethod(method, TaskOptions.none(), Arrays.asList(a, b, c, d, e));
    }

    /**
     * Enqueues a method that returns a value, with five arguments and options.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param d argument 4
     * @param e argument 5
     * @param options the options
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <E> the type of argument 5
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, C, D, E, R> CompletableFuture<TaskHandle<R>> enqueue(
            TaskMethod.Function5<A, B, C, D, E, R> method, A a, B b, C c, D d, E e, TaskOptions options) {
        return enqueueMethod(method, options, Arrays.asList(a, b, c, d, e));
    }

    /**
     * Enqueues a method that returns a stage, with five arguments.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param d argument 4
     * @param e argument 5
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <E> the type of argument 5
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, C, D, E, R> CompletableFuture<TaskHandle<R>> enqueue(
            TaskMethod.Stage5<A, B, C, D, E, R> method, A a, B b, C c, D d, E e) {
        return enqueueMethod(method, TaskOptions.none(), Arrays.asList(a, b, c, d, e));
    }

    /**
     * Enqueues a method that returns a stage, with five arguments and options.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param d argument 4
     * @param e argument 5
     * @param options the options
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <E> the type of argument 5
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, C, D, E, R> CompletableFuture<TaskHandle<R>> enqueue(
            TaskMethod.Stage5<A, B, C, D, E, R> method, A a, B b, C c, D d, E e, TaskOptions options) {
        return enqueueMethod(method, options, Arrays.asList(a, b, c, d, e));
    }

    /**
     * Enqueues a method that returns nothing, with five arguments.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param d argument 4
     * @param e argument 5
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <E> the type of argument 5
     * @return the task's handle
     */
    default <A, B, C, D, E> CompletableFuture<TaskHandle<Void>> enqueue(
            TaskMethod.Procedure5<A, B, C, D, E> method, A a, B b, C c, D d, E e) {
        return enqueueMethod(method, TaskOptions.none(), Arrays.asList(a, b, c, d, e));
    }

    /**
     * Enqueues a method that returns nothing, with five arguments and options.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param d argument 4
     * @param e argument 5
     * @param options the options
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <E> the type of argument 5
     * @return the task's handle
     */
    default <A, B, C, D, E> CompletableFuture<TaskHandle<Void>> enqueue(
            TaskMethod.Procedure5<A, B, C, D, E> method, A a, B b, C c, D d, E e, TaskOptions options) {
        return enqueueMethod(method, options, Arrays.asList(a, b, c, d, e));
    }

    /**
     * Enqueues a method that returns a value, with six arguments.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param d argument 4
     * @param e argument 5
     * @param f argument 6
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <E> the type of argument 5
     * @param <F> the type of argument 6
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, C, D, E, F, R> CompletableFuture<TaskHandle<R>> enqueue(
            TaskMethod.Function6<A, B, C, D, E, F, R> method, A a, B b, C c, D d, E e, F f) {
        return enqueueMethod(method, TaskOptions.none(), Arrays.asList(a, b, c, d, e, f));
    }

    /**
     * Enqueues a method that returns a value, with six arguments and options.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param d argument 4
     * @param e argument 5
     * @param f argument 6
     * @param options the options
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <E> the type of argument 5
     * @param <F> the type of argument 6
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, C, D, E, F, R> CompletableFuture<TaskHandle<R>> enqueue(
            TaskMethod.Function6<A, B, C, D, E, F, R> method, A a, B b, C c, D d, E e, F f, TaskOptions options) {
        return enqueueMethod(method, options, Arrays.asList(a, b, c, d, e, f));
    }

    /**
     * Enqueues a method that returns a stage, with six arguments.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param d argument 4
     * @param e argument 5
     * @param f argument 6
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <E> the type of argument 5
     * @param <F> the type of argument 6
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, C, D, E, F, R> CompletableFuture<TaskHandle<R>> enqueue(
            TaskMethod.Stage6<A, B, C, D, E, F, R> method, A a, B b, C c, D d, E e, F f) {
        return enqueueMethod(method, TaskOptions.none(), Arrays.asList(a, b, c, d, e, f));
    }

    /**
     * Enqueues a method that returns a stage, with six arguments and options.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param d argument 4
     * @param e argument 5
     * @param f argument 6
     * @param options the options
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <E> the type of argument 5
     * @param <F> the type of argument 6
     * @param <R> the type of its value
     * @return the task's handle
     */
    default <A, B, C, D, E, F, R> CompletableFuture<TaskHandle<R>> enqueue(
            TaskMethod.Stage6<A, B, C, D, E, F, R> method, A a, B b, C c, D d, E e, F f, TaskOptions options) {
        return enqueueMethod(method, options, Arrays.asList(a, b, c, d, e, f));
    }

    /**
     * Enqueues a method that returns nothing, with six arguments.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param d argument 4
     * @param e argument 5
     * @param f argument 6
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <E> the type of argument 5
     * @param <F> the type of argument 6
     * @return the task's handle
     */
    default <A, B, C, D, E, F> CompletableFuture<TaskHandle<Void>> enqueue(
            TaskMethod.Procedure6<A, B, C, D, E, F> method, A a, B b, C c, D d, E e, F f) {
        return enqueueMethod(method, TaskOptions.none(), Arrays.asList(a, b, c, d, e, f));
    }

    /**
     * Enqueues a method that returns nothing, with six arguments and options.
     *
     * @param method the method
     * @param a argument 1
     * @param b argument 2
     * @param c argument 3
     * @param d argument 4
     * @param e argument 5
     * @param f argument 6
     * @param options the options
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <E> the type of argument 5
     * @param <F> the type of argument 6
     * @return the task's handle
     */
    default <A, B, C, D, E, F> CompletableFuture<TaskHandle<Void>> enqueue(
            TaskMethod.Procedure6<A, B, C, D, E, F> method, A a, B b, C c, D d, E e, F f, TaskOptions options) {
        return enqueueMethod(method, options, Arrays.asList(a, b, c, d, e, f));
    }
}
