/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import java.io.Serializable;
import java.util.concurrent.CompletionStage;

/**
 * A reference to a {@code @Task} method, such as {@code reports::render}. The nested types let the compiler check the
 * arguments of an enqueue against the method's parameters.
 *
 * <p>They are serializable only because that is how Java tells which method a reference is to. Nothing is ever serialized
 * with Java's serialization, and a lambda expression is refused, because it is no reference to a method.
 */
public interface TaskMethod extends Serializable {
    /**
     * A method with no arguments that returns a value.
     *
     * @param <R> what the method returns
     */
    @FunctionalInterface
    interface Function0<R> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @return what the method returns
         * @throws Exception whatever the method throws
         */
        R call() throws Exception;
    }

    /**
     * A method with no arguments that returns a stage.
     *
     * @param <R> what the method's stage completes with
     */
    @FunctionalInterface
    interface Stage0<R> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @return what the method returns
         * @throws Exception whatever the method throws
         */
        CompletionStage<R> call() throws Exception;
    }

    /**
     * A method with no arguments that returns nothing.
     */
    @FunctionalInterface
    interface Procedure0 extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @throws Exception whatever the method throws
         */
        void call() throws Exception;
    }

    /**
     * A method with one argument that returns a value.
     *
     * @param <A> the type of argument 1
     * @param <R> what the method returns
     */
    @FunctionalInterface
    interface Function1<A, R> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @param a argument 1
         * @return what the method returns
         * @throws Exception whatever the method throws
         */
        R call(A a) throws Exception;
    }

    /**
     * A method with one argument that returns a stage.
     *
     * @param <A> the type of argument 1
     * @param <R> what the method's stage completes with
     */
    @FunctionalInterface
    interface Stage1<A, R> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @param a argument 1
         * @return what the method returns
         * @throws Exception whatever the method throws
         */
        CompletionStage<R> call(A a) throws Exception;
    }

    /**
     * A method with one argument that returns nothing.
     *
     * @param <A> the type of argument 1
     */
    @FunctionalInterface
    interface Procedure1<A> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @param a argument 1
         * @throws Exception whatever the method throws
         */
        void call(A a) throws Exception;
    }

    /**
     * A method with two arguments that returns a value.
     *
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <R> what the method returns
     */
    @FunctionalInterface
    interface Function2<A, B, R> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @param a argument 1
         * @param b argument 2
         * @return what the method returns
         * @throws Exception whatever the method throws
         */
        R call(A a, B b) throws Exception;
    }

    /**
     * A method with two arguments that returns a stage.
     *
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <R> what the method's stage completes with
     */
    @FunctionalInterface
    interface Stage2<A, B, R> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @param a argument 1
         * @param b argument 2
         * @return what the method returns
         * @throws Exception whatever the method throws
         */
        CompletionStage<R> call(A a, B b) throws Exception;
    }

    /**
     * A method with two arguments that returns nothing.
     *
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     */
    @FunctionalInterface
    interface Procedure2<A, B> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @param a argument 1
         * @param b argument 2
         * @throws Exception whatever the method throws
         */
        void call(A a, B b) throws Exception;
    }

    /**
     * A method with three arguments that returns a value.
     *
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <R> what the method returns
     */
    @FunctionalInterface
    interface Function3<A, B, C, R> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @param a argument 1
         * @param b argument 2
         * @param c argument 3
         * @return what the method returns
         * @throws Exception whatever the method throws
         */
        R call(A a, B b, C c) throws Exception;
    }

    /**
     * A method with three arguments that returns a stage.
     *
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <R> what the method's stage completes with
     */
    @FunctionalInterface
    interface Stage3<A, B, C, R> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @param a argument 1
         * @param b argument 2
         * @param c argument 3
         * @return what the method returns
         * @throws Exception whatever the method throws
         */
        CompletionStage<R> call(A a, B b, C c) throws Exception;
    }

    /**
     * A method with three arguments that returns nothing.
     *
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     */
    @FunctionalInterface
    interface Procedure3<A, B, C> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @param a argument 1
         * @param b argument 2
         * @param c argument 3
         * @throws Exception whatever the method throws
         */
        void call(A a, B b, C c) throws Exception;
    }

    /**
     * A method with four arguments that returns a value.
     *
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <R> what the method returns
     */
    @FunctionalInterface
    interface Function4<A, B, C, D, R> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @param a argument 1
         * @param b argument 2
         * @param c argument 3
         * @param d argument 4
         * @return what the method returns
         * @throws Exception whatever the method throws
         */
        R call(A a, B b, C c, D d) throws Exception;
    }

    /**
     * A method with four arguments that returns a stage.
     *
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <R> what the method's stage completes with
     */
    @FunctionalInterface
    interface Stage4<A, B, C, D, R> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @param a argument 1
         * @param b argument 2
         * @param c argument 3
         * @param d argument 4
         * @return what the method returns
         * @throws Exception whatever the method throws
         */
        CompletionStage<R> call(A a, B b, C c, D d) throws Exception;
    }

    /**
     * A method with four arguments that returns nothing.
     *
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     */
    @FunctionalInterface
    interface Procedure4<A, B, C, D> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @param a argument 1
         * @param b argument 2
         * @param c argument 3
         * @param d argument 4
         * @throws Exception whatever the method throws
         */
        void call(A a, B b, C c, D d) throws Exception;
    }

    /**
     * A method with five arguments that returns a value.
     *
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <E> the type of argument 5
     * @param <R> what the method returns
     */
    @FunctionalInterface
    interface Function5<A, B, C, D, E, R> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @param a argument 1
         * @param b argument 2
         * @param c argument 3
         * @param d argument 4
         * @param e argument 5
         * @return what the method returns
         * @throws Exception whatever the method throws
         */
        R call(A a, B b, C c, D d, E e) throws Exception;
    }

    /**
     * A method with five arguments that returns a stage.
     *
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <E> the type of argument 5
     * @param <R> what the method's stage completes with
     */
    @FunctionalInterface
    interface Stage5<A, B, C, D, E, R> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @param a argument 1
         * @param b argument 2
         * @param c argument 3
         * @param d argument 4
         * @param e argument 5
         * @return what the method returns
         * @throws Exception whatever the method throws
         */
        CompletionStage<R> call(A a, B b, C c, D d, E e) throws Exception;
    }

    /**
     * A method with five arguments that returns nothing.
     *
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <E> the type of argument 5
     */
    @FunctionalInterface
    interface Procedure5<A, B, C, D, E> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @param a argument 1
         * @param b argument 2
         * @param c argument 3
         * @param d argument 4
         * @param e argument 5
         * @throws Exception whatever the method throws
         */
        void call(A a, B b, C c, D d, E e) throws Exception;
    }

    /**
     * A method with six arguments that returns a value.
     *
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <E> the type of argument 5
     * @param <F> the type of argument 6
     * @param <R> what the method returns
     */
    @FunctionalInterface
    interface Function6<A, B, C, D, E, F, R> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @param a argument 1
         * @param b argument 2
         * @param c argument 3
         * @param d argument 4
         * @param e argument 5
         * @param f argument 6
         * @return what the method returns
         * @throws Exception whatever the method throws
         */
        R call(A a, B b, C c, D d, E e, F f) throws Exception;
    }

    /**
     * A method with six arguments that returns a stage.
     *
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <E> the type of argument 5
     * @param <F> the type of argument 6
     * @param <R> what the method's stage completes with
     */
    @FunctionalInterface
    interface Stage6<A, B, C, D, E, F, R> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @param a argument 1
         * @param b argument 2
         * @param c argument 3
         * @param d argument 4
         * @param e argument 5
         * @param f argument 6
         * @return what the method returns
         * @throws Exception whatever the method throws
         */
        CompletionStage<R> call(A a, B b, C c, D d, E e, F f) throws Exception;
    }

    /**
     * A method with six arguments that returns nothing.
     *
     * @param <A> the type of argument 1
     * @param <B> the type of argument 2
     * @param <C> the type of argument 3
     * @param <D> the type of argument 4
     * @param <E> the type of argument 5
     * @param <F> the type of argument 6
     */
    @FunctionalInterface
    interface Procedure6<A, B, C, D, E, F> extends TaskMethod {
        /**
         * Stands for the call; never made.
         *
         * @param a argument 1
         * @param b argument 2
         * @param c argument 3
         * @param d argument 4
         * @param e argument 5
         * @param f argument 6
         * @throws Exception whatever the method throws
         */
        void call(A a, B b, C c, D d, E e, F f) throws Exception;
    }
}
