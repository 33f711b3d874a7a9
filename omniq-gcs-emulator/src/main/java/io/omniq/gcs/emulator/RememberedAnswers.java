/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Answers to calls with an idempotency token: the same call with the same token has the first answer again, without
 * effect, even if the object was changed since. Only successes are remembered. Thread-safe.
 */
final class RememberedAnswers {
    private static final String TOKEN = "x-goog-gcs-idempotency-token";
    private static final Set<GcsMethod> METHODS =
            Set.of(GcsMethod.OBJECTS_INSERT, GcsMethod.OBJECTS_PATCH, GcsMethod.OBJECTS_MOVE, GcsMethod.OBJECTS_DELETE);

    private record Key(String token, Route route) {}

    private record Remembered(Answer answer, Instant until) {}

    private final ServerClock clock;
    private final Duration window;
    private final Map<Key, Remembered> answers = new LinkedHashMap<>();

    RememberedAnswers(ServerClock clock, Duration window) {
        this.clock = clock;
        this.window = window;
    }

    synchronized Optional<Answer> replay(Route route, WireRequest request) {
        Optional<String> token = request.header(TOKEN);
        if (window.isZero() || token.isEmpty() || !METHODS.contains(route.method())) {
            return Optional.empty();
        }
        forget();
        return Optional.ofNullable(answers.get(new Key(token.get(), route))).map(Remembered::answer);
    }

    /** Only for successes: a refusal is thrown and does not come here. */
    synchronized void remember(Route route, WireRequest request, Answer answer) {
        Optional<String> token = request.header(TOKEN);
        if (!window.isZero() && token.isPresent() && METHODS.contains(route.method())) {
            Instant until = clock.now().plus(window);
            answers.put(new Key(token.get(), route), new Remembered(answer, until));
        }
    }

    private void forget() {
        Instant now = clock.now();
        Iterator<Remembered> oldest = answers.values().iterator();
        while (oldest.hasNext() && !now.isBefore(oldest.next().until())) {
            oldest.remove();
        }
    }
}
