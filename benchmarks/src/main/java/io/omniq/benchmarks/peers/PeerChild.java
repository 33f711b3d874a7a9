/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.peers;

import io.omniq.benchmarks.ChildJvm;
import io.omniq.benchmarks.Journal;
import io.omniq.benchmarks.peers.PeerSystem.Sharing;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A process with one system in it, made to be killed. */
final class PeerChild {
    private PeerChild() {}

    /** What a child does. */
    enum Role {
        /** Enqueues until it is killed, and writes down each id that was acknowledged. */
        PRODUCE,
        /** Has workers and no work. */
        IDLE,
        /** Works when it is told to, and writes down what starts when. */
        WORK,
        /** Enqueues one task, starts it, and never ends it. */
        HOLD
    }

    static ChildJvm start(PeerSystem system, Path directory, Path said, Role role) {
        return ChildJvm.start(
                PeerChild.class,
                said,
                List.of("-Xmx256m", "-XX:+UseSerialGC"),
                List.of(system.id(), directory.toString(), role.name()));
    }

    public static void main(String[] arguments) throws InterruptedException {
        Journal journal = new Journal(arguments[0]);
        Role role = Role.valueOf(arguments[3]);
        CountDownLatch told = new CountDownLatch(1);
        ChildJvm.obey(command -> told.countDown());
        CountDownLatch never = new CountDownLatch(1);
        Handler handler = number -> {
            journal.say("start " + number + " " + StartLatency.micros());
            if (role == Role.HOLD) {
                never.await();
            }
        };
        Sharing sharing = role == Role.WORK || role == Role.HOLD ? Sharing.SHARED : Sharing.ALONE;
        Peer peer = Systems.of(arguments[1]).open(Path.of(arguments[2]), sharing, handler);
        journal.say("open");
        if (role == Role.PRODUCE) {
            for (long number = 0; ; number++) {
                journal.say("stored " + peer.enqueue(number));
            }
        }
        if (role == Role.WORK) {
            told.await();
        }
        peer.start();
        if (role == Role.HOLD) {
            peer.enqueue(0);
        }
        journal.say("started");
        never.await();
    }
}
