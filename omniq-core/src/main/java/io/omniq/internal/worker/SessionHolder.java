/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.internal.protocol.Claimer;
import io.omniq.internal.protocol.Claims;
import io.omniq.internal.protocol.Departures;
import io.omniq.internal.protocol.Protocol;
import io.omniq.internal.protocol.WorkerSession;
import io.omniq.internal.util.Step;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The worker's present session, and its heartbeat. A session whose lease is lost is left behind: its attempts are told to
 * stop, and the worker comes back under a new id.
 */
final class SessionHolder implements Step {
    private final Protocol protocol;
    private final Claims claims;
    private final Executions executions;
    private final Supplier<String> ids;
    private final WorkerSession.Host host;
    private final Predicate<String> knownTask;
    private final Departures departures;
    private final Duration heartbeat;
    private volatile @Nullable Life life;
    private volatile boolean ended;

    /** A session and who claims for it. */
    record Life(WorkerSession session, Claimer claimer) {}

    SessionHolder(
            Protocol protocol,
            Executions executions,
            Supplier<String> ids,
            WorkerSession.Host host,
            Predicate<String> knownTask,
            Departures departures,
            Duration heartbeat) {
        this.protocol = protocol;
        this.claims = new Claims(protocol);
        this.executions = executions;
        this.ids = ids;
        this.host = host;
        this.knownTask = knownTask;
        this.departures = departures;
        this.heartbeat = heartbeat;
    }

    /** The life whose lease holds, or null. */
    @Nullable
    Life holding() {
        Life present = life;
        return present != null && present.session().holds() ? present : null;
    }

    /** Whose claims these are, also after the life is over. */
    @Nullable
    Life present() {
        return life;
    }

    /** One heartbeat; begins a new life where the old one is lost. Then looks whether running tasks shall stop. */
    @Override
    public int step() {
        if (ended) {
            return 0;
        }
        fenceIfLost();
        Life present = life;
        if (present == null) {
            WorkerSession session = new WorkerSession(protocol, ids.get(), host);
            present = new Life(session, new Claimer(protocol, session, knownTask, departures));
        }
        if (present.session().beat(executions.progress())) {
            life = present;
        } else {
            fence(present);
        }
        if (ended) { // meanwhile, by someone who may not have known of this life
            present.session().end();
        }
        lookAtLongRunning();
        return 0;
    }

    /** Whether tasks that have run for a while were cancelled, or are not ours any more. */
    private void lookAtLongRunning() {
        List<Execution> running = executions.running().stream()
                .filter(e -> !e.token().isCancelled() && e.elapsed().compareTo(heartbeat) >= 0)
                .toList();
        List<Claims.Standing> standings =
                claims.standings(running.stream().map(Execution::claim).toList());
        for (int i = 0; i < running.size(); i++) {
            Execution execution = running.get(i);
            String reason = standings.get(i).cancelReason();
            if (!standings.get(i).held()) {
                stop(execution, "the claim was lost");
            } else if (reason != null) {
                execution.token().cancel(Cancellation.Cause.REQUESTED, reason);
            }
        }
    }

    void fenceIfLost() {
        Life present = life;
        if (present != null && !present.session().holds()) {
            fence(present);
        }
    }

    private void fence(Life lost) {
        String id = lost.session().id();
        for (Execution execution : executions.running()) {
            if (execution.claim().workerId().equals(id)) {
                stop(execution, "the worker lost its lease");
            }
        }
        Life present = life;
        if (present != null && present.session().id().equals(id)) {
            life = null;
        }
    }

    private static void stop(Execution execution, String why) {
        execution.token().cancel(Cancellation.Cause.LEASE_LOST, why);
        execution.interrupt();
    }

    /** Drops the session without ending it: for everybody else it lives until its lease has ended. */
    void forget() {
        life = null;
    }

    /** Ends the session, so that others need not wait for its lease. */
    void end() {
        ended = true;
        Life present = life;
        life = null;
        if (present != null) {
            present.session().end();
        }
    }
}
