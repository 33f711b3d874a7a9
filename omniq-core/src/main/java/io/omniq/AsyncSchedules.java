/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.model.Schedule;
import io.omniq.model.ScheduleRun;
import io.omniq.model.ScheduleStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The verbs of {@link Schedules} without blocking. Builders come from there: {@code omniq.schedules().cron(...)} reaches no
 * store before it is created. Safe for use by many threads.
 */
public final class AsyncSchedules {
    private final Schedules schedules;
    private final AsyncOmniQ async;

    AsyncSchedules(Schedules schedules, AsyncOmniQ async) {
        this.schedules = schedules;
        this.async = async;
    }

    private <T> CompletableFuture<T> supply(Supplier<T> call) {
        return async.supply(call);
    }

    /** {@return see {@link ScheduleBuilder#create()}} */
    public CompletableFuture<Schedule> create(ScheduleBuilder builder) {
        return supply(builder::create);
    }

    /** {@return see {@link ScheduleBuilder#update()}} */
    public CompletableFuture<Schedule> update(ScheduleBuilder builder) {
        return supply(builder::update);
    }

    /** {@return see {@link Schedules#pause}} */
    public CompletableFuture<Schedule> pause(String id, String reason) {
        return supply(() -> schedules.pause(id, reason));
    }

    /** {@return see {@link Schedules#resume}} */
    public CompletableFuture<Schedule> resume(String id) {
        return supply(() -> schedules.resume(id));
    }

    /** {@return see {@link Schedules#cancel}} */
    public CompletableFuture<Schedule> cancel(String id, String reason) {
        return supply(() -> schedules.cancel(id, reason));
    }

    /** {@return see {@link Schedules#delete}} */
    public CompletableFuture<Boolean> delete(String id) {
        return supply(() -> schedules.delete(id));
    }

    /** {@return see {@link Schedules#runNow}} */
    public CompletableFuture<TaskHandle<Object>> runNow(String id) {
        return supply(() -> schedules.runNow(id));
    }

    /** {@return see {@link Schedules#get}} */
    public CompletableFuture<Optional<Schedule>> get(String id) {
        return supply(() -> schedules.get(id));
    }

    /** {@return see {@link Schedules#list()}} */
    public CompletableFuture<List<Schedule>> list() {
        return supply(schedules::list);
    }

    /** {@return see {@link Schedules#list(ScheduleStatus)}} */
    public CompletableFuture<List<Schedule>> list(ScheduleStatus status) {
        return supply(() -> schedules.list(status));
    }

    /** {@return see {@link Schedules#nextFireTimes}} */
    public CompletableFuture<List<Instant>> nextFireTimes(String id, int count) {
        return supply(() -> schedules.nextFireTimes(id, count));
    }

    /** {@return see {@link Schedules#describe}} */
    public CompletableFuture<String> describe(String id) {
        return supply(() -> schedules.describe(id));
    }

    /** {@return see {@link Schedules#history}} */
    public CompletableFuture<List<ScheduleRun>> history(String id) {
        return supply(() -> schedules.history(id));
    }
}
