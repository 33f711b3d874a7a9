/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.peers;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.benchmarks.Bulk;
import io.omniq.config.WorkerConfig;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskStatus;
import io.omniq.storage.Backend;
import io.omniq.storage.TaskQuery;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/** OmniQ, by its public API alone. */
final class OmniQPeer implements Peer {
    static final int WORKERS = 10;
    static final String SETTINGS =
            "slots 10, all else as it comes; results kept, events as far as their buffer of 10,000 takes them; "
                    + Bulk.SETTINGS;

    private final OmniQ omniq;
    private final Tasks tasks;

    /** The one kind of task. */
    public static final class Tasks {
        private final Handler handler;

        Tasks(Handler handler) {
            this.handler = handler;
        }

        /** Runs. */
        @Task("bench.run")
        public void run(long number) throws InterruptedException {
            handler.run(number);
        }
    }

    OmniQPeer(Backend backend, Handler handler) {
        this.tasks = new Tasks(handler);
        this.omniq = OmniQ.builder()
                .backend(backend)
                .register(tasks)
                .worker(WorkerConfig.builder()
                        .slots(WORKERS)
                        .shutdown(Duration.ZERO, Duration.ofSeconds(1))
                        .build())
                .build();
    }

    @Override
    public void start() {
        omniq.start();
    }

    @Override
    public String enqueue(long number) {
        return omniq.enqueue(tasks::run, number).id();
    }

    @Override
    public void enqueueMany(long from, int count) {
        Bulk.enqueue(omniq, tasks::run, from, count);
    }

    @Override
    public Set<String> unfinished() {
        return omniq.taskStorage().listTasks(TaskQuery.all().page(Integer.MAX_VALUE, 0)).stream()
                .filter(task -> task.status() == TaskStatus.PENDING || task.status() == TaskStatus.RUNNING)
                .map(TaskRecord::id)
                .collect(Collectors.toSet());
    }

    @Override
    public boolean isRecorded(long handled) {
        // A slot is free when its outcome is recorded; whether all are there is asked once, because it reads every
        // result.
        return omniq.status().running() == 0
                && omniq.resultStorage()
                                .listResults(ResultStatus.SUCCESS, Integer.MAX_VALUE, 0)
                                .size()
                        == handled;
    }

    @Override
    public void close() {
        omniq.close();
    }
}
