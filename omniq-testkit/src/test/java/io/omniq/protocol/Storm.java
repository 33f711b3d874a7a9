/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskResult;
import io.omniq.storage.CancelOutcome;
import io.omniq.store.StorageException;
import io.omniq.testkit.Fault;
import io.omniq.testkit.FaultPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * One run of two workers, a producer and a canceller on a store that fails by the seed, one small step of one of them at a
 * time. The steps are drawn from the seed, so a run can be had again.
 */
final class Storm {
    private static final int STEPS = 60;
    private static final int CALM_ROUNDS = 100;

    private final Lab lab = new Lab();
    private final Random random;
    private final boolean staleListings;
    private final List<Peer> workers = new ArrayList<>();
    private final Peer producer = lab.producer("producer");
    private final Peer canceller = lab.producer("canceller");
    private final Map<Peer, List<HeldClaim>> running = new HashMap<>();
    private final Map<String, TaskOptions> asked = new HashMap<>();
    private final Set<String> acknowledged = new HashSet<>();
    private final Set<String> cancelled = new HashSet<>();
    private final Map<String, TaskResult> seen = new HashMap<>();
    private int crashes;

    Storm(long seed) {
        random = new Random(seed);
        staleListings = random.nextInt(3) == 0;
        double rate = List.of(0.0, 0.01, 0.04, 0.1).get(random.nextInt(4));
        FaultPlan plan = FaultPlan.seeded(seed).withEveryFault(rate);
        lab.faulty.follow(staleListings ? plan : plan.with(Fault.STALE_LIST, 0));
        for (int i = 1; i <= 2; i++) {
            Peer worker = lab.producer("w" + i);
            workers.add(worker);
            running.put(worker, new ArrayList<>());
        }
    }

    void run() {
        for (int i = 0; i < STEPS; i++) {
            attempt(this::step);
            observe();
        }
        lab.faulty.follow(FaultPlan.none());
        lab.faulty.deliverLate();
        calm();
    }

    /** A step that fails is a step: its process learns of it, and goes on. */
    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (StorageException e) {
            assertThat(e.retryable()).isTrue();
        }
    }

    private void step() {
        Peer worker = workers.get(random.nextInt(workers.size()));
        switch (random.nextInt(12)) {
            case 0, 1 -> enqueueNew();
            case 2 -> enqueueAgain();
            case 3 -> cancel();
            case 4 -> lab.advance(Duration.ofMillis(random.nextInt(15_000)));
            case 5, 6, 7 -> claim(worker);
            case 8 -> beat(worker);
            case 9, 10 -> settle(worker);
            default -> crashSometimes(worker);
        }
    }

    private void enqueueNew() {
        String id = "t" + asked.size();
        TaskOptions options = TaskOptions.withId(id).maxAttempts(1 + random.nextInt(3));
        if (random.nextInt(4) == 0) {
            options = options.delay(Duration.ofSeconds(random.nextInt(20)));
        }
        if (random.nextInt(6) == 0) {
            options = options.ttl(Duration.ofSeconds(1 + random.nextInt(20)));
        }
        asked.put(id, options);
        enqueue(id);
    }

    private void enqueueAgain() {
        anyTask().ifPresent(this::enqueue);
    }

    private void enqueue(String id) {
        producer.enqueue(asked.get(id));
        acknowledged.add(id);
    }

    private java.util.Optional<String> anyTask() {
        return asked.isEmpty() ? java.util.Optional.empty() : java.util.Optional.of("t" + random.nextInt(asked.size()));
    }

    private void cancel() {
        anyTask().ifPresent(id -> {
            if (canceller.tasks.cancel(id, "storm") == CancelOutcome.CANCELLED) {
                cancelled.add(id);
            }
        });
    }

    private void beat(Peer worker) {
        if (!worker.beat()) {
            running.get(worker).clear();
            worker.beginAgain();
        }
    }

    private void claim(Peer worker) {
        if (!worker.session.holds()) {
            running.get(worker).clear();
            worker.beginAgain();
        }
        for (HeldClaim claim : worker.poll(1 + random.nextInt(2))) {
            assertThat(claim.task().retryCount())
                    .as("failures of %s", claim.taskId())
                    .isLessThanOrEqualTo(claim.task().maxRetries());
            assertThat(seen).as("outcomes before this claim").doesNotContainKey(claim.taskId());
            assertRunsNowhereElse(claim);
            running.get(worker).add(claim);
        }
    }

    private void assertRunsNowhereElse(HeldClaim claim) {
        if (staleListings) {
            return; // who lives is read from listings; a store that lies there may have a task run twice, never end
            // twice
        }
        running.forEach((worker, claims) -> {
            if (worker.session.holds()) {
                assertThat(claims)
                        .as("running on %s", worker.session.id())
                        .extracting(HeldClaim::taskId)
                        .doesNotContain(claim.taskId());
            }
        });
    }

    private void settle(Peer worker) {
        List<HeldClaim> claims = running.get(worker);
        if (claims.isEmpty()) {
            return;
        }
        // Its handler has ended: from now on it runs nowhere, whatever becomes of the outcome.
        HeldClaim claim = claims.remove(random.nextInt(claims.size()));
        try {
            end(worker, claim, random.nextInt(5));
        } catch (StorageException e) {
            if (random.nextBoolean()) {
                worker.done(claim); // given up: to be found again as forgotten
            } else {
                attempt(() -> end(worker, claim, 0));
                worker.done(claim);
            }
        }
    }

    private void end(Peer worker, HeldClaim claim, int how) {
        Exception error = new Exception("storm");
        switch (how) {
            case 0, 1 -> worker.tasks.complete(claim, Peer.json(worker.session.id() + "/" + claim.attempt()));
            case 2 -> worker.tasks.fail(claim, error);
            case 3 -> worker.tasks.retry(claim, Duration.ofSeconds(random.nextInt(5)), error);
            default -> worker.tasks.release(claim, Duration.ofSeconds(random.nextInt(5)));
        }
    }

    /** The process is gone, and another comes in its place. */
    private void crashSometimes(Peer worker) {
        if (random.nextInt(3) == 0) {
            workers.remove(worker);
            running.remove(worker);
            Peer next = lab.producer("w" + (10 + ++crashes));
            workers.add(next);
            running.put(next, new ArrayList<>());
            next.beat();
        }
    }

    /** What was seen as the outcome of a task stays its outcome. */
    private void observe() {
        Peer eye = new Peer(lab, lab.real, "eye", 0);
        for (String id : asked.keySet()) {
            eye.results.get(id).ifPresent(result -> {
                TaskResult before = seen.putIfAbsent(id, result);
                assertThat(result).as("outcome of %s", id).isEqualTo(before == null ? result : before);
            });
        }
        for (String id : cancelled) {
            assertThat(seen.get(id).status())
                    .as("answered as cancelled: %s", id)
                    .isEqualTo(ResultStatus.CANCELLED);
        }
    }

    /** Nothing fails any more: everything must come to its end. */
    private void calm() {
        asked.keySet().forEach(this::enqueue);
        for (int i = 0; i < CALM_ROUNDS && !lab.keys("queues/").isEmpty(); i++) {
            lab.advance(Duration.ofSeconds(7));
            for (Peer worker : workers) {
                running.get(worker).forEach(claim -> worker.tasks.complete(claim, null));
                running.get(worker).clear();
                beat(worker);
                claim(worker);
            }
            observe();
        }
        assertThat(lab.keys("queues/")).as("entries left").isEmpty();
        observe();
        assertThat(seen.keySet()).as("tasks with an outcome").containsAll(acknowledged);
        assertThat(lab.keys("locks/")).as("damaged records").isEmpty();
    }
}
