/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one claimer has seen of its queues. */
final class QueueViews {
    /** A little after the end of a lease its worker is dead for sure. */
    private static final Duration AFTER_LEASE = Duration.ofMillis(20);

    private final Protocol protocol;
    private final Map<String, QueueView> views = new HashMap<>();

    QueueViews(Protocol protocol) {
        this.protocol = protocol;
    }

    QueueView of(String queue) {
        return views.computeIfAbsent(queue, QueueView::new);
    }

    void forget(String queue) {
        views.remove(queue);
    }

    /** How long until the first lease is over, by what is known of it, under which others hold what was seen; never zero. */
    Optional<Duration> untilLeaseEnds() {
        long now = protocol.surroundings.nanos().getAsLong();
        return views.values().stream()
                .flatMap(view -> view.nextLook().stream())
                .map(nanos -> Duration.ofNanos(nanos - now))
                .min(Comparator.naturalOrder())
                .map(left -> left.compareTo(AFTER_LEASE) < 0 ? AFTER_LEASE : left.plus(AFTER_LEASE));
    }

    /** Whether each of these queues would show nothing to do again. */
    boolean areQuiet(List<String> queues) {
        Long changes = protocol.tasks.changes(Layout.QUEUES).orElse(null);
        if (changes == null) {
            return false;
        }
        long nanos = protocol.surroundings.nanos().getAsLong();
        Instant now = protocol.now();
        for (String queue : queues) {
            QueueView view = views.get(queue);
            if (view == null || !view.isQuiet(protocol.tasks, changes, now, nanos)) {
                return false;
            }
        }
        return true;
    }
}
