/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.peers;

import io.omniq.backend.file.FileBackend;
import io.omniq.storage.MemoryBackend;
import java.util.ArrayList;
import java.util.List;

/** All systems under test, by durability class. */
final class Systems {
    private static final String OMNIQ = "OmniQ";
    private static final String DB_SCHEDULER = "db-scheduler 16.12.0";
    private static final String JOBRUNR = "JobRunr 8.7.0";
    private static final String QUARTZ = "Quartz 2.5.2";

    private Systems() {}

    static List<PeerSystem> all() {
        List<PeerSystem> systems = new ArrayList<>();
        systems.add(
                omniq("omniq-memory", "memory", Durability.MEMORY, (d, s, h) -> new OmniQPeer(new MemoryBackend(), h)));
        systems.add(dbScheduler(Databases.H2_MEMORY));
        systems.add(jobRunrInMemory());
        systems.add(quartzInMemory());
        systems.add(omniq(
                "omniq-file",
                "directory",
                Durability.KILL,
                (d, s, h) -> new OmniQPeer(FileBackend.at(d.resolve("data")), h)));
        addAll(systems, Databases.SQLITE_NORMAL);
        addAll(systems, Databases.H2_AT_ONCE);
        systems.add(omniq(
                "omniq-file-fsync",
                "directory, POWER_LOSS",
                Durability.POWER,
                (d, s, h) -> new OmniQPeer(
                        FileBackend.builder(d.resolve("data"))
                                .fsync(io.omniq.backend.file.Durability.POWER_LOSS)
                                .open(),
                        h)));
        addAll(systems, Databases.SQLITE_FULL);
        addAll(systems, Databases.H2_DEFAULT);
        return List.copyOf(systems);
    }

    private static void addAll(List<PeerSystem> systems, Databases database) {
        systems.add(dbScheduler(database));
        systems.add(new PeerSystem(
                "jobrunr-" + database.id,
                JOBRUNR,
                database.title,
                database.durability,
                settings(String.format(JobRunrPeer.SETTINGS, "5 s"), database),
                (directory, sharing, handler) -> new JobRunrPeer(database, directory, sharing, handler)));
        systems.add(new PeerSystem(
                "quartz-" + database.id,
                QUARTZ,
                database.title,
                database.durability,
                settings(QuartzPeer.SETTINGS, database),
                (directory, sharing, handler) -> new QuartzPeer(database, directory, sharing, handler)));
    }

    private static PeerSystem omniq(String id, String store, Durability durability, PeerSystem.Opener opener) {
        return new PeerSystem(id, OMNIQ, store, durability, OmniQPeer.SETTINGS, opener);
    }

    private static PeerSystem dbScheduler(Databases database) {
        return new PeerSystem(
                "db-scheduler-" + database.id,
                DB_SCHEDULER,
                database.title,
                database.durability,
                settings(DbSchedulerPeer.SETTINGS, database),
                (directory, sharing, handler) -> new DbSchedulerPeer(database, directory, sharing, handler));
    }

    private static PeerSystem jobRunrInMemory() {
        return new PeerSystem(
                "jobrunr-memory",
                JOBRUNR,
                "memory",
                Durability.MEMORY,
                String.format(JobRunrPeer.SETTINGS, "200 ms"),
                (directory, sharing, handler) -> new JobRunrPeer(null, directory, sharing, handler));
    }

    private static PeerSystem quartzInMemory() {
        return new PeerSystem(
                "quartz-memory",
                QUARTZ,
                "memory",
                Durability.MEMORY,
                QuartzPeer.SETTINGS,
                (directory, sharing, handler) -> new QuartzPeer(null, directory, sharing, handler));
    }

    private static String settings(String system, Databases database) {
        return system + "; " + database.settings;
    }

    /** The one with an id. */
    static PeerSystem of(String id) {
        return all().stream()
                .filter(system -> system.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such system: id=" + id));
    }
}
