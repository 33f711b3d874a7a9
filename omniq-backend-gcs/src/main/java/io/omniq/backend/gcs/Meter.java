/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/** Counts operations as they are billed. */
final class Meter {
    private static final int NOT_MODIFIED = 304;
    /** Names of objects come escaped, so an object cannot look like this. */
    private static final Pattern LISTING = Pattern.compile("/b/[^/]+/o$");

    private final LongAdder classA = new LongAdder();
    private final LongAdder classB = new LongAdder();
    private final LongAdder free = new LongAdder();
    private final Map<String, LongAdder> verbs = new ConcurrentHashMap<>();

    /** What a request does, by method and address. */
    enum Verb {
        INSERT,
        GET,
        LIST,
        DELETE,
        BATCH,
        OTHER;

        static Verb of(String method, String url) {
            String path = url.contains("?") ? url.substring(0, url.indexOf('?')) : url;
            return switch (method) {
                case "GET" -> LISTING.matcher(path).find() ? LIST : GET;
                case "DELETE" -> DELETE;
                case "POST", "PUT" -> path.contains("/upload/") ? INSERT : path.contains("/batch/") ? BATCH : OTHER;
                default -> OTHER;
            };
        }
    }

    /** One answer. The envelope of a batch costs nothing; its parts are counted by who reads them. */
    void count(Verb verb, int status) {
        if (verb == Verb.BATCH) {
            return;
        }
        verb(verb.name().toLowerCase(Locale.ROOT));
        boolean answered = status < NOT_MODIFIED;
        if (!answered || verb == Verb.DELETE) {
            free.increment();
        } else if (verb == Verb.GET) {
            classB.increment();
        } else {
            classA.increment();
        }
    }

    /** A request without an answer: it may be billed or not, so it is shown apart. */
    void unanswered() {
        verb("unanswered");
    }

    private void verb(String name) {
        verbs.computeIfAbsent(name, n -> new LongAdder()).increment();
    }

    GcsMetrics reading() {
        Map<String, Long> counts = new TreeMap<>();
        verbs.forEach((verb, count) -> counts.put(verb, count.sum()));
        return new GcsMetrics(classA.sum(), classB.sum(), free.sum(), counts);
    }
}
