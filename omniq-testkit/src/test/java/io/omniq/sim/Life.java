/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
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
    /** When whoever asked for it began. */
    final long createdNanos;

    final long landedNanos;
    final List<String> dependencies = new ArrayList<>();
    final String policy;
    final Set<String> callbacks = new TreeSet<>();
    final @Nullable String callbackOf;
    final @Nullable String redriveOf;
    final @Nullable String uniqueKey;
    final String scope;
    final List<String> outcomes = new ArrayList<>();
    /** Of all outcomes that ever landed, also of damaged ones. */
    final Set<String> statuses = new TreeSet<>();

    long firstClaim = Long.MAX_VALUE;
    long acknowledgedNanos = Long.MAX_VALUE;
    /** When its time to live is over; that of a task that waits for others begins when they have ended. */
    @Nullable
    Instant endOfWaiting;

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
        this.endOfWaiting = expiresAt;
        this.landedNanos = Duration.between(Sim.START, landed).toNanos();
        this.createdNanos =
                Duration.between(Sim.START, Instant.parse(createdAt)).toNanos();
        definition.path("dependencies").forEach(parent -> dependencies.add(parent.asText()));
        this.policy = definition.path("dependency_policy").asText();
        definition.path("callbacks").fieldNames().forEachRemaining(callbacks::add);
        this.callbackOf = definition.path("callback_of").textValue();
        this.redriveOf = definition.path("redrive_of").textValue();
        this.uniqueKey = definition.path("unique_key").textValue();
        this.scope = settings.substring(settings.lastIndexOf(' ') + 1);
    }

    /** Somebody deleted it, or damaged some of it: less is promised. */
    boolean isExcused() {
        return removedByRequest || entryRemovedByRequest || damaged || setBack || resumed;
    }

    /** Whether an entry's key is one of the places where it may be. */
    boolean isPlace(String key) {
        return EntryRules.name(key).equals(EntryRules.name(entryKey));
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
