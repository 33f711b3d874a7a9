/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.peers;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import io.omniq.benchmarks.peers.PeerSystem.Sharing;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** db-scheduler: a row for each task, deleted when it is done. */
final class DbSchedulerPeer implements Peer {
    static final String SETTINGS = "threads 10, immediate execution, polling 250 ms, fetch 5 to 20 per thread,"
            + " heartbeat 1 s, dead after 4; no auto-commit; bulk is scheduleBatch of 1,000";

    private static final String TABLE = "scheduled_tasks";
    private final HikariDataSource source;
    private final OneTimeTask<Void> task;
    private final Scheduler scheduler;

    DbSchedulerPeer(Databases database, Path directory, Sharing sharing, Handler handler) {
        this.source = database.open(directory, sharing, false);
        Databases.make(
                source,
                TABLE,
                List.of(
                        table(database.isSqlite() ? "timestamp" : "timestamp with time zone"),
                        "create index execution_time_idx on scheduled_tasks (execution_time)",
                        "create index last_heartbeat_idx on scheduled_tasks (last_heartbeat)"));
        this.task = Tasks.oneTime("run").execute((instance, context) -> run(handler, instance.getId()));
        this.scheduler = Scheduler.create(source, task)
                .schedulerName(new SchedulerName.Fixed(UUID.randomUUID().toString()))
                .threads(OmniQPeer.WORKERS)
                .enableImmediateExecution()
                .pollingInterval(Duration.ofMillis(250))
                .pollUsingFetch(5, 20)
                // One transaction for a batch: with auto-commit each of its rows would be one.
                .commitWhenAutocommitDisabled(true)
                .heartbeatInterval(Duration.ofSeconds(1))
                .missedHeartbeatsLimit(4)
                .shutdownMaxWait(Duration.ofSeconds(1))
                .build();
    }

    private static String table(String time) {
        return "create table scheduled_tasks (task_name varchar(100), task_instance varchar(100), task_data blob,"
                + " execution_time " + time + ", picked boolean, picked_by varchar(50), last_success " + time
                + ", last_failure " + time + ", consecutive_failures int, last_heartbeat " + time
                + ", version bigint, priority smallint, primary key (task_name, task_instance))";
    }

    private static void run(Handler handler, String id) {
        try {
            handler.run(Long.parseLong(id));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void start() {
        scheduler.start();
    }

    @Override
    public String enqueue(long number) {
        String id = Long.toString(number);
        scheduler.schedule(task.instance(id), Instant.now());
        return id;
    }

    @Override
    public void enqueueMany(long from, int count) {
        List<TaskInstance<?>> batch = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            batch.add(task.instance(Long.toString(from + i)));
        }
        scheduler.scheduleBatch(batch, Instant.now());
    }

    @Override
    public Set<String> unfinished() {
        return Databases.column(source, "SELECT task_instance FROM " + TABLE);
    }

    @Override
    public boolean isRecorded(long tasks) {
        return Databases.isEmpty(source, TABLE);
    }

    @Override
    public void close() {
        scheduler.stop();
        source.close();
    }
}
