/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.util;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Makes threads: named platform threads, and virtual ones where the JVM has them (21 and later). */
public final class Threads {
    private static final int MOST_IO_THREADS = 64;
    private static final int IDLE_SECONDS = 10;

    private Threads() {}

    /** {@return whether this JVM has virtual threads} */
    public static boolean virtualThreadsPresent() {
        return Runtime.version().feature() >= 21;
    }

    /**
     * Platform threads.
     *
     * @param name the prefix of their names
     * @return a factory of daemon threads
     */
    public static ThreadFactory platform(String name) {
        AtomicLong number = new AtomicLong();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Virtual threads.
     *
     * @param name the prefix of their names
     * @return a factory
     * @throws IllegalStateException on a JVM without them
     */
    public static ThreadFactory virtual(String name) {
        try {
            // Reflection, because the baseline is 17.
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder$OfVirtual");
            Method named = type.getMethod("name", String.class, long.class);
            return (ThreadFactory) type.getMethod("factory").invoke(named.invoke(builder, name + "-", 1L));
        } catch (ReflectiveOperationException e) {
            Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
            throw new IllegalStateException("this JVM has no virtual threads; use platform threads", cause);
        }
    }

    /**
     * An executor for blocking calls: a virtual thread each where there are any, else up to 64 platform threads.
     *
     * @param name the prefix of thread names
     * @return the executor, to be shut down
     */
    public static ExecutorService io(String name) {
        if (virtualThreadsPresent()) {
            return perTask(virtual(name));
        }
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                MOST_IO_THREADS,
                MOST_IO_THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                platform(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /**
     * An executor that gives each task a thread; the caller bounds how many there are.
     *
     * @param factory makes the threads
     * @return the executor, to be shut down
     */
    public static ExecutorService perTask(ThreadFactory factory) {
        if (!virtualThreadsPresent()) {
            return Executors.newCachedThreadPool(factory);
        }
        try {
            return (ExecutorService) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, factory);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM does not keep its word about virtual threads", e);
        }
    }
}
