/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.peers;

import com.zaxxer.hikari.HikariDataSource;
import io.omniq.benchmarks.peers.PeerSystem.Sharing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.LongStream;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.jobs.states.StateName;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.InMemoryStorageProvider;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.common.SqlStorageProviderFactory;
import org.jobrunr.utils.mapper.JsonMapper;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;
import org.jspecify.annotations.Nullable;

/** JobRunr: a row for each job, kept when it is done. */
final class JobRunrPeer implements Peer {
    static final String SETTINGS =
            "workers 10, poll interval %s (the least it accepts), job requests instead of lambdas;"
                    + " bulk is enqueue(stream) of 1,000";

    private final @Nullable HikariDataSource source;
    private final StorageProvider storage;
    private final JobRequestScheduler scheduler;
    private final BackgroundJobServer server;

    /** The one kind of job. */
    public static final class Run implements JobRequest {
        private long number;

        /** For Jackson. */
        Run() {}

        Run(long number) {
            this.number = number;
        }

        @Override
        public Class<RunHandler> getJobRequestHandler() {
            return RunHandler.class;
        }
    }

    /** Runs it. */
    public static final class RunHandler implements JobRequestHandler<Run> {
        private final Handler handler;

        RunHandler(Handler handler) {
            this.handler = handler;
        }

        @Override
        public void run(Run run) throws InterruptedException {
            handler.run(run.number);
        }
    }

    /** Without a database it keeps its jobs in memory. */
    JobRunrPeer(@Nullable Databases database, Path directory, Sharing sharing, Handler handler) {
        this.source = database == null ? null : database.open(directory, sharing, true);
        this.storage = source == null ? new InMemoryStorageProvider() : SqlStorageProviderFactory.using(source);
        JsonMapper mapper = new JacksonJsonMapper();
        storage.setJobMapper(new JobMapper(mapper));
        this.scheduler = new JobRequestScheduler(storage);
        RunHandler runner = new RunHandler(handler);
        this.server = new BackgroundJobServer(
                storage,
                mapper,
                new org.jobrunr.server.JobActivator() {
                    @Override
                    public <T> T activateJob(Class<T> type) {
                        return type.cast(runner);
                    }
                },
                BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                        .andWorkerCount(OmniQPeer.WORKERS)
                        .andPollInterval(database == null ? Duration.ofMillis(200) : Duration.ofSeconds(5))
                        .andInterruptJobsAwaitDurationOnStopBackgroundJobServer(Duration.ofSeconds(5)));
    }

    @Override
    public void start() {
        server.start();
    }

    @Override
    public String enqueue(long number) {
        return scheduler.enqueue(new Run(number)).toString();
    }

    @Override
    public void enqueueMany(long from, int count) {
        scheduler.enqueue(LongStream.range(from, from + count).mapToObj(Run::new));
    }

    @Override
    public Set<String> unfinished() {
        if (source == null) {
            throw new UnsupportedOperationException("what is in memory is not looked at from outside");
        }
        return Databases.column(source, "SELECT id FROM jobrunr_jobs WHERE state IN ('ENQUEUED', 'PROCESSING')");
    }

    @Override
    public boolean isRecorded(long tasks) {
        return storage.countJobs(StateName.SUCCEEDED) == tasks;
    }

    @Override
    public void close() {
        server.stop();
        storage.close();
        if (source != null) {
            source.close();
        }
    }
}
