/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.InvalidTaskException;
import io.omniq.internal.protocol.Claims;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Settlement;
import io.omniq.internal.protocol.Tally;
import io.omniq.internal.util.Surroundings;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records how attempts ended, whatever it takes. */
final class Settler {
    /** What tasks end with; apart, so that it can be turned up and down on its own. */
    private static final Logger TASKS = LoggerFactory.getLogger("io.omniq.tasks");

    private static final Logger LOG = LoggerFactory.getLogger("io.omniq");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Claims claims;
    private final Outcomes outcomes;
    private final Surroundings surroundings;
    private final Tally tally;
    private final BiConsumer<HeldClaim, Settlement> listener;

    /**
     * A settler of one worker.
     *
     * @param claims the ends of its claims
     * @param surroundings clocks and waiting
     * @param tally where faults are counted
     * @param listener told what became of each attempt
     */
    Settler(Claims claims, Surroundings surroundings, Tally tally, BiConsumer<HeldClaim, Settlement> listener) {
        this.claims = claims;
        this.outcomes = new Outcomes(claims, surroundings);
        this.surroundings = surroundings;
        this.tally = tally;
        this.listener = listener;
    }

    /** Records how an attempt ended; what the handler did is worth more patience than one call has. */
    void settle(Execution execution, SessionHolder.Life life, @Nullable Object value, @Nullable Throwable error) {
        HeldClaim claim = execution.claim();
        for (Duration pause = FIRST_PAUSE; !execution.isAbandoned(); pause = longer(pause)) {
            try {
                Settlement settlement = outcomes.settle(execution, value, error);
                if (error != null) {
                    TASKS.info(
                            "attempt ended without a value: id={} name={} attempt={} of={} error={}",
                            claim.taskId(),
                            claim.task().func(),
                            claim.task().retryCount() + 1,
                            claim.task().maxAttempts(),
                            error.getClass().getName(),
                            error);
                }
                listener.accept(claim, settlement);
                return;
            } catch (StorageException e) {
                tally.storageFailure("outcome of task " + claim.taskId(), e);
                // What the handler did is worth more patience than one call has; without a lease others are at it.
                if (!life.session().holds() || !surroundings.pause().pause(pause)) {
                    return;
                }
            } catch (RuntimeException | Error e) {
                LOG.error("outcome cannot be recorded: id={}", claim.taskId(), e);
                failPlainly(claim, e);
                return;
            }
        }
    }

    /** What the handler left cannot be recorded, and would not be the next time either: the task fails with that as its reason. */
    private void failPlainly(HeldClaim claim, Throwable cause) {
        try {
            listener.accept(
                    claim,
                    claims.fail(
                            claim,
                            new InvalidTaskException("the outcome of the task cannot be recorded: "
                                    + cause.getClass().getName()),
                            null));
        } catch (RuntimeException e) {
            LOG.error("outcome cannot be recorded, the task will run again: id={}", claim.taskId(), e);
        }
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
}
