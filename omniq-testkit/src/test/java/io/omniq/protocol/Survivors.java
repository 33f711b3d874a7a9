/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Maintenance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Workers with maintenance that finish what others left, and what must be true then. */
final class Survivors {
    static final List<String> QUEUES = List.of("default", "slow", "other");
    private static final int MOST_ROUNDS = 5;

    private final Lab lab;
    /** The ids of the tasks they ran, one for each run. */
    final List<String> ran = new ArrayList<>();

    Survivors(Lab lab) {
        this.lab = lab;
    }

    /** Works until nothing is left to do, for as many rounds as it may take; then everything must have come to its end. */
    Survivors finish() {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            lab.advance(Duration.ofMinutes(6));
            Peer peer = lab.worker("survivor-" + lab.clock.nanos());
            new Maintenance(peer.protocol).run();
            work(peer);
        }
        assertThat(lab.keys("queues/")).as("entries that stay").isEmpty();
        assertThat(lab.keys("locks/children/")).as("markers that stay").isEmpty();
        for (String key : lab.keys("tasks/")) {
            assertThat(lab.has(key.replace("tasks/", "results/")))
                    .as(key + " has ended")
                    .isTrue();
        }
        for (String key : lab.keys("locks/unique/")) {
            String holder = lab.json(key).get("task_id").asText();
            assertThat(lab.has(Lab.task(holder))).as(key + " is held by a task").isTrue();
        }
        return this;
    }

    private void work(Peer peer) {
        while (true) {
            List<HeldClaim> claims = peer.claimer.claim(QUEUES, 100);
            if (claims.isEmpty()) {
                return;
            }
            for (HeldClaim claim : claims) {
                ran.add(claim.taskId());
                peer.tasks.complete(claim, null);
            }
            lab.advance(Duration.ofSeconds(2));
            peer.beat();
        }
    }

    /** How often a task with this function's name was run. */
    long runs(String id) {
        return ran.stream().filter(id::equals).count();
    }
}
