/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import io.omniq.model.Schedule;
import io.omniq.model.ScheduleStatus;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Schedules without blocking. A thin view of {@link ScheduleStorage}: every method is the method of the same name on an executor for blocking calls. A
 * future that fails does so with what the call would throw. Safe for use by many threads.
 */
public final class AsyncScheduleStorage {
    private final ScheduleStorage storage;
    private final Executor executor;

    /**
     * A view.
     *
     * @param storage what it is a view of
     * @param executor runs the blocking calls
     */
    public AsyncScheduleStorage(ScheduleStorage storage, Executor executor) {
        this.storage = Objects.requireNonNull(storage, "storage");
        this.executor = Objects.requireNonNull(executor, "executor");
    }

    /**
     * Stores a new schedule. See {@link ScheduleStorage#saveSchedule}.
     *
     * @param schedule see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Boolean> saveSchedule(Schedule schedule) {
        return CompletableFuture.supplyAsync(() -> storage.saveSchedule(schedule), executor);
    }

    /**
     * Reads a schedule. See {@link ScheduleStorage#getSchedule}.
     *
     * @param id see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Optional<Schedule>> getSchedule(String id) {
        return CompletableFuture.supplyAsync(() -> storage.getSchedule(id), executor);
    }

    /**
     * Changes a schedule. See {@link ScheduleStorage#updateSchedule}.
     *
     * @param id see there
     * @param change see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Optional<Schedule>> updateSchedule(String id, UnaryOperator<Schedule> change) {
        return CompletableFuture.supplyAsync(() -> storage.updateSchedule(id, change), executor);
    }

    /**
     * Removes a schedule. See {@link ScheduleStorage#deleteSchedule}.
     *
     * @param id see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Boolean> deleteSchedule(String id) {
        return CompletableFuture.supplyAsync(() -> storage.deleteSchedule(id), executor);
    }

    /**
     * Lists schedules. See {@link ScheduleStorage#listSchedules}.
     *
     * @param status see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<List<Schedule>> listSchedules(@Nullable ScheduleStatus status) {
        return CompletableFuture.supplyAsync(() -> storage.listSchedules(status), executor);
    }

    /**
     * Lists due schedules. See {@link ScheduleStorage#getReadySchedules}.
     *
     * @param now see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<List<Schedule>> getReadySchedules(Instant now) {
        return CompletableFuture.supplyAsync(() -> storage.getReadySchedules(now), executor);
    }
}
