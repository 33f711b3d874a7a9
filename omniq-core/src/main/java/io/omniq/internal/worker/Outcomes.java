/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.InvalidTaskException;
import io.omniq.TaskSignal;
import io.omniq.TaskTimeoutException;
import io.omniq.internal.protocol.Attempt;
import io.omniq.internal.protocol.Claims;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Settlement;
import io.omniq.internal.util.Durations;
import io.omniq.internal.util.Surroundings;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the end of an attempt means.
 *
 * <pre>
 *   handler ended with        and its token says     the task
 *   a value                   anything               completes
 *   TaskSignal.snooze         anything               waits again, no failure counted
 *   TaskSignal.discard        anything               fails for good
 *   TaskSignal.cancel         anything               is cancelled
 *   another exception         requested              is cancelled
 *   another exception         shutdown, lease lost   waits again, no failure counted
 *   another exception         timeout                counts a failure: the timeout
 *   another exception         nothing                counts a failure
 * </pre>
 */
final class Outcomes {
    private final Claims claims;
    private final Surroundings surroundings;

    Outcomes(Claims claims, Surroundings surroundings) {
        this.claims = claims;
        this.surroundings = surroundings;
    }

    Settlement settle(Execution execution, @Nullable Object value, @Nullable Throwable error) {
        HeldClaim claim = execution.claim();
        Attempt attempt = execution.attemptSoFar();
        if (error == null) {
            return complete(execution, value, attempt);
        }
        if (error instanceof TaskSignal signal) {
            return obey(claim, signal, attempt);
        }
        Cancellation.Cause cause = execution.token().cause();
        if (cause == null) {
            return failed(execution, error, attempt);
        }
        String reason = execution.token().reason().orElseThrow();
        return switch (cause) {
            case REQUESTED -> claims.cancel(claim, reason, attempt);
            case SHUTDOWN, LEASE_LOST -> claims.interrupted(claim, reason, attempt);
            case TIMEOUT -> failed(execution, new TaskTimeoutException(reason, error), attempt);
        };
    }

    private Settlement complete(Execution execution, @Nullable Object value, Attempt attempt) {
        try {
            JsonNode json = execution.registered().toJson(value);
            return claims.complete(execution.claim(), json, attempt);
        } catch (InvalidTaskException e) {
            return claims.fail(execution.claim(), e, attempt); // another attempt would end the same way
        }
    }

    private Settlement obey(HeldClaim claim, TaskSignal signal, Attempt attempt) {
        String reason = String.valueOf(signal.getMessage());
        return switch (signal.kind()) {
            case SNOOZE -> claims.release(claim, signal.delay(), reason, attempt);
            case DISCARD -> claims.fail(claim, signal, attempt);
            case CANCEL -> claims.cancel(claim, reason, attempt);
        };
    }

    private Settlement failed(Execution execution, Throwable error, Attempt attempt) {
        HeldClaim claim = execution.claim();
        int failures = claim.task().retryCount() + 1;
        Optional<Duration> delay =
                execution.registered().nextDelay(claim.task(), failures, error, surroundings.random());
        return delay.isPresent()
                ? claims.retry(claim, bounded(delay.get()), error, attempt)
                : claims.fail(claim, error, attempt);
    }

    /** A policy of the user's own may answer anything. */
    private static Duration bounded(Duration delay) {
        Duration notNegative = delay.isNegative() ? Duration.ZERO : delay;
        return notNegative.compareTo(Durations.LONGEST) < 0 ? notNegative : Durations.LONGEST;
    }
}
