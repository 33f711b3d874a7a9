/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.peers;

import com.zaxxer.hikari.HikariDataSource;
import io.omniq.benchmarks.Pauses;
import io.omniq.benchmarks.peers.PeerSystem.Sharing;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.impl.jdbcjobstore.JobStoreSupport;
import org.quartz.impl.matchers.GroupMatcher;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/** Quartz: a job and a trigger for each task, deleted when it is done. */
final class QuartzPeer implements Peer {
    static final String SETTINGS =
            "threads 10, batch of 10 triggers within the lock, no cluster mode unless several processes"
                    + " share the store (then check-in 1 s); bulk is scheduleJobs of 1,000";

    private static final String GROUP = "bench";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final @Nullable Databases database;
    private final @Nullable HikariDataSource source;
    private final Scheduler scheduler;

    /** The one kind of job; made by the scheduler's job factory. */
    public static final class Run implements Job {
        private final Handler handler;

        Run(Handler handler) {
            this.handler = handler;
        }

        @Override
        public void execute(JobExecutionContext context) {
            try {
                handler.run(Long.parseLong(context.getJobDetail().getKey().getName()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Without a database it keeps its jobs in memory. */
    QuartzPeer(@Nullable Databases database, Path directory, Sharing sharing, Handler handler) {
        this.database = database;
        this.source = database == null ? null : database.open(directory, sharing, true);
        try {
            this.scheduler = new StdSchedulerFactory(properties(sharing)).getScheduler();
            scheduler.setJobFactory((bundle, itself) -> new Run(handler));
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz does not start", e);
        }
    }

    private Properties properties(Sharing sharing) {
        Properties p = new Properties();
        p.setProperty(
                "org.quartz.scheduler.instanceName",
                source == null ? UUID.randomUUID().toString() : "bench");
        p.setProperty("org.quartz.scheduler.instanceId", UUID.randomUUID().toString());
        p.setProperty("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", "10");
        p.setProperty("org.quartz.scheduler.idleWaitTime", "1000");
        p.setProperty("org.quartz.threadPool.threadCount", Integer.toString(OmniQPeer.WORKERS));
        if (source == null || database == null) {
            p.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
            return p;
        }
        Databases.make(
                source,
                "QRTZ_JOB_DETAILS",
                Databases.script(JobStoreSupport.class, database.isSqlite() ? "tables_postgres.sql" : "tables_h2.sql"));
        String name = UUID.randomUUID().toString();
        DBConnectionManager.getInstance().addConnectionProvider(name, new Connections(source));
        p.setProperty("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
        p.setProperty("org.quartz.jobStore.dataSource", name);
        p.setProperty("org.quartz.jobStore.acquireTriggersWithinLock", "true");
        p.setProperty("org.quartz.jobStore.misfireThreshold", "60000");
        // Its PostgreSQL dialect reads binary columns in the way that SQLite's driver offers.
        p.setProperty(
                "org.quartz.jobStore.driverDelegateClass",
                "org.quartz.impl.jdbcjobstore." + (database.isSqlite() ? "PostgreSQLDelegate" : "StdJDBCDelegate"));
        if (sharing == Sharing.SHARED) {
            p.setProperty("org.quartz.jobStore.isClustered", "true");
            p.setProperty("org.quartz.jobStore.clusterCheckinInterval", "1000");
            if (database.isSqlite()) {
                p.setProperty(
                        "org.quartz.jobStore.lockHandler.class", "org.quartz.impl.jdbcjobstore.UpdateLockRowSemaphore");
            }
        }
        return p;
    }

    private record Connections(HikariDataSource source) implements ConnectionProvider {
        @Override
        public Connection getConnection() throws SQLException {
            return source.getConnection();
        }

        @Override
        public void shutdown() {
            // closed by the peer
        }

        @Override
        public void initialize() {
            // it is
        }
    }

    @Override
    public void start() {
        try {
            scheduler.start();
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz does not start", e);
        }
    }

    private static JobDetail job(long number) {
        return JobBuilder.newJob(Run.class)
                .withIdentity(Long.toString(number), GROUP)
                .requestRecovery()
                .build();
    }

    private static Trigger trigger(long number) {
        return TriggerBuilder.newTrigger()
                .withIdentity(Long.toString(number), GROUP)
                .startNow()
                .build();
    }

    @Override
    public String enqueue(long number) {
        try {
            scheduler.scheduleJob(job(number), trigger(number));
        } catch (SchedulerException e) {
            throw new IllegalStateException("not scheduled", e);
        }
        return Long.toString(number);
    }

    @Override
    public void enqueueMany(long from, int count) {
        Map<JobDetail, Set<? extends Trigger>> batch = new HashMap<>();
        for (long i = from; i < from + count; i++) {
            batch.put(job(i), Set.of(trigger(i)));
        }
        try {
            scheduler.scheduleJobs(batch, false);
        } catch (SchedulerException e) {
            throw new IllegalStateException("not scheduled", e);
        }
    }

    @Override
    public Set<String> unfinished() {
        try {
            return scheduler.getJobKeys(GroupMatcher.jobGroupEquals(GROUP)).stream()
                    .map(JobKey::getName)
                    .collect(Collectors.toSet());
        } catch (SchedulerException e) {
            throw new IllegalStateException("not listed", e);
        }
    }

    @Override
    public boolean isRecorded(long tasks) {
        try {
            return source == null
                    ? scheduler.getJobKeys(GroupMatcher.anyJobGroup()).isEmpty()
                    : Databases.isEmpty(source, "QRTZ_JOB_DETAILS") && Databases.isEmpty(source, "QRTZ_FIRED_TRIGGERS");
        } catch (SchedulerException e) {
            throw new IllegalStateException("not listed", e);
        }
    }

    @Override
    public void close() {
        try {
            // Its shutdown interrupts its threads, and H2 closes its file when a thread is interrupted: not while it
            // works.
            scheduler.standby();
            if (!Pauses.await(this::isQuiet, PATIENCE)) {
                throw new IllegalStateException("Quartz does not come to rest");
            }
            scheduler.shutdown(false);
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz does not stop", e);
        }
        if (source != null) {
            source.close();
        }
    }

    private boolean isQuiet() {
        try {
            return scheduler.getCurrentlyExecutingJobs().isEmpty();
        } catch (SchedulerException e) {
            throw new IllegalStateException("not listed", e);
        }
    }
}
