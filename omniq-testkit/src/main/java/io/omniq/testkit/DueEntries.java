/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StoredObject;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When the next waiting task falls due, by the queue entries in the store: a worker finds out by looking again and again, a
 * test kit that did the same would be late by up to a poll interval.
 */
final class DueEntries {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ObjectStore store;

    DueEntries(ObjectStore store) {
        this.store = store;
    }

    /** The earliest start of any waiting task that is later than now. */
    Optional<Instant> next(Instant now) {
        Instant next = null;
        String last = null;
        ObjectPage page;
        do {
            page = store.list(ListRequest.of("queues/").after(last));
            for (ListedObject object : page.objects()) {
                Instant due = notBefore(object);
                if (due != null && due.isAfter(now) && (next == null || due.isBefore(next))) {
                    next = due;
                }
                last = object.key();
            }
        } while (page.more());
        return Optional.ofNullable(next);
    }

    private @Nullable Instant notBefore(ListedObject object) {
        Map<String, String> mirrored = object.attributes();
        if (mirrored.containsKey("state")) {
            return time(mirrored.get("state"), mirrored.get("not_before"));
        }
        JsonNode entry = store.get(object.key()).map(DueEntries::body).orElse(MissingNode.getInstance());
        return time(entry.path("state").textValue(), entry.path("not_before").textValue());
    }

    private static JsonNode body(StoredObject object) {
        try {
            return MAPPER.readTree(object.body());
        } catch (IOException e) {
            return MissingNode.getInstance(); // damaged: the protocol deals with it, and it is never due
        }
    }

    private static @Nullable Instant time(@Nullable String state, @Nullable String notBefore) {
        try {
            return "ready".equals(state) && notBefore != null ? Instant.parse(notBefore) : null;
        } catch (DateTimeParseException e) {
            return null; // damaged as well
        }
    }
}
