/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One life of a task: from the moment its definition lands. A task that is deleted and enqueued again has several. */
final class Life {
    final String id;
    final String nonce;
    final String settings;
    final String createdAt;
    final String entryKey;
    final Instant landed;
    final @Nullable Instant expiresAt;
    final List<String> outcomes = new ArrayList<>();
    long firstOutcome = Long.MAX_VALUE;
    Instant keptUntil = Instant.MAX;
    long removed = Long.MAX_VALUE;
    boolean removedByRequest;
    /** The same definition landed once more, after it had been removed: a write may come late, or be sent again. */
    boolean resumed;

    /** Somebody who was asked to delete the task took its entry away; the definition may still stand. */
    boolean entryRemovedByRequest;

    boolean acknowledged;
    boolean cancelAsked;
    /** Its definition was. */
    boolean damaged;
    /** Its entry was, or its result: it may begin anew. */
    boolean setBack;

    Life(JsonNode definition, Instant landed) {
        this.landed = landed;
        this.id = definition.get("id").asText();
        this.nonce = definition.get("put").asText();
        this.settings = definition.path("metadata").path("settings").asText();
        this.createdAt = definition.get("created_at").asText();
        this.entryKey = entryKey(definition);
        JsonNode end = definition.get("expires_at");
        this.expiresAt = end == null ? null : Instant.parse(end.asText());
    }

    private static String entryKey(JsonNode definition) {
        Instant runAt = Instant.parse(definition.get("run_at").asText());
        boolean later = runAt.isAfter(Instant.parse(definition.get("created_at").asText()));
        return "queues/" + definition.get("queue_name").asText() + "/"
                + (later ? String.format(Locale.ROOT, "at-%013d-", runAt.toEpochMilli()) : "")
                + String.format(
                        Locale.ROOT, "%03d-", 100 - definition.get("priority").asInt())
                + definition.get("id").asText() + ".json";
    }

    boolean stands() {
        return removed == Long.MAX_VALUE;
    }

    /** Whether its definition stood at some moment since then. */
    boolean stoodSince(long nanos) {
        return removed >= nanos;
    }

    boolean hasEnded() {
        return !outcomes.isEmpty();
    }

    @Override
    public String toString() {
        return id + " (definition " + nonce + ")";
    }
}
