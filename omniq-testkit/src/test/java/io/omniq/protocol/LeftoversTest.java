/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskOptions;
import io.omniq.Unique;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.model.TaskStatus;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What maintenance removes, and what it must leave alone. */
class LeftoversTest {
    private static final Duration JUST_WITHIN_GRACE = Duration.ofMinutes(5);
    private static final Duration PAST_GRACE = Duration.ofMillis(1);

    private final Lab lab = new Lab();
    private final Peer worker = lab.worker("w1");
    private final Peer user = lab.producer("user");

    private Maintenance.Report maintain() {
        return new Maintenance(user.protocol).run();
    }

    /** Time for a worker that stays alive. */
    private void pass(Duration duration) {
        Duration left = duration;
        while (left.compareTo(lab.settings.heartbeat()) > 0) {
            lab.advance(lab.settings.heartbeat());
            worker.beat();
            left = left.minus(lab.settings.heartbeat());
        }
        lab.advance(left);
        worker.beat();
    }

    @Test
    void anEntryWhoseTaskIsGoneGoesAfterTheGraceTime() {
        user.enqueue("a");
        lab.remove(Lab.task("a"));

        lab.advance(JUST_WITHIN_GRACE);
        assertThat(maintain().leftovers()).isZero();
        lab.advance(PAST_GRACE);
        assertThat(maintain().leftovers()).isEqualTo(1);
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void anEntryOfALivingWorkerStays() {
        user.enqueue("a");
        HeldClaim claim = worker.claim();
        lab.remove(Lab.task("a"));

        pass(JUST_WITHIN_GRACE.plusMinutes(1));
        assertThat(maintain().leftovers()).isZero();
        assertThat(worker.standing(claim).held()).isTrue();

        lab.advance(Duration.ofMinutes(6));
        assertThat(maintain().leftovers()).as("its worker is dead").isEqualTo(1);
    }

    @Test
    void theOutcomeOfATaskThatIsWaitedForIsKept() {
        user.enqueue("a");
        user.enqueue("b");
        worker.poll(2).forEach(claim -> worker.tasks.complete(claim, null));
        lab.put("locks/children/a/coming.json", "{\"format\":1,\"parent\":\"a\",\"child\":\"coming\"}");
        lab.advance(Duration.ofDays(400));
        lab.put("locks/children/a/coming.json", "{\"format\":1,\"parent\":\"a\",\"child\":\"coming\"}");

        maintain();
        assertThat(user.tasks.getTask("a").orElseThrow().status()).isEqualTo(TaskStatus.COMPLETED);
        assertThat(user.tasks.getTask("b")).isEmpty();

        lab.advance(Duration.ofMinutes(6));
        maintain();
        assertThat(user.tasks.getTask("a")).as("the child never came").isEmpty();
        assertThat(lab.keys("locks/children/")).isEmpty();
    }

    @Test
    void aLockWithoutATaskGoesAfterTheGraceTime() {
        user.enqueue(TaskOptions.none().unique(Unique.byKey("k")));
        lab.keys("tasks/").forEach(lab::remove);
        lab.keys("queues/").forEach(lab::remove);

        lab.advance(JUST_WITHIN_GRACE);
        assertThat(maintain().leftovers()).isZero();
        lab.advance(PAST_GRACE);
        assertThat(maintain().leftovers()).isEqualTo(1);
        assertThat(lab.keys("locks/")).isEmpty();
    }

    @Test
    void aMoveUnderWayIsLeftAloneForTheGraceTime() {
        user.enqueue("a");
        lab.advance(JUST_WITHIN_GRACE);
        user.tasks.move("a", "slow");
        lab.remove("queues/slow/100-a.json");

        lab.advance(PAST_GRACE);
        assertThat(maintain().repaired()).isEqualTo(1);
        assertThat(lab.has("queues/slow/100-a.json")).isTrue();
        assertThat(maintain().repaired()).as("a finished move needs nothing").isZero();
    }

    @Test
    void aNoteOfARedriveGoesWithItsLetter() {
        user.enqueue("a");
        worker.tasks.fail(worker.claim(), new IllegalStateException("no"));
        user.tasks.redrive("a");
        assertThat(maintain().leftovers()).isZero();

        user.tasks.deleteTask("a");

        assertThat(maintain().leftovers()).isEqualTo(1);
        assertThat(lab.keys("locks/redriven/")).isEmpty();
    }
}
