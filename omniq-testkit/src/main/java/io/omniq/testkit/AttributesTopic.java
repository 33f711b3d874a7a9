/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.Version;
import io.omniq.store.Write;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Attributes: kept as given where the store says it keeps them, and empty, never half kept, where it does not. */
abstract class AttributesTopic extends StoreTopic {
    private static final String KEY = "attributes/object";

    AttributesTopic(ObjectStoreContract contract) {
        super(contract);
    }

    @Test
    void attributesComeBackWithTheObject() {
        create(KEY, "x", Map.of("state", "ready", "not_before", "2026-01-01T00:00:00.123Z"));

        assertAttributes(Map.of("state", "ready", "not_before", "2026-01-01T00:00:00.123Z"));
    }

    @Test
    void anObjectWithoutAttributesHasNone() {
        create(KEY, "x");

        assertAttributes(Map.of());
    }

    @Test
    void aReplaceReplacesAllAttributes() {
        Version version = create(KEY, "x", Map.of("state", "ready", "worker", "w1"));

        write(Write.replace(KEY, version, bytes("y"), Map.of("state", "running", "attempt", "1")));

        assertAttributes(Map.of("state", "running", "attempt", "1"));
    }

    @Test
    void aReplaceWithoutAttributesRemovesThem() {
        Version version = create(KEY, "x", Map.of("state", "ready"));

        replace(KEY, version, "y");

        assertAttributes(Map.of());
    }

    @Test
    void aRefusedWriteLeavesTheAttributes() {
        Version stale = create(KEY, "x", Map.of("state", "first"));
        write(Write.replace(KEY, stale, bytes("y"), Map.of("state", "second")));

        write(Write.create(KEY, bytes("z"), Map.of("state", "created")));
        write(Write.replace(KEY, stale, bytes("z"), Map.of("state", "stale")));

        assertAttributes(Map.of("state", "second"));
    }

    @Test
    void aNewLifeDoesNotInheritAttributes() {
        delete(KEY, create(KEY, "x", Map.of("state", "ready")));

        create(KEY, "x");

        assertAttributes(Map.of());
    }

    @Test
    void valuesMayBeAnyShortText() {
        Map<String, String> attributes = Map.of(
                "text", "gr\u00f6\u00dfe \u65e5 \ud83d\ude00",
                "marks", "a=b; \"c\" {d} \\ /",
                "long", "x".repeat(500));

        create(KEY, "x", attributes);

        assertAttributes(attributes);
    }

    private void assertAttributes(Map<String, String> kept) {
        Map<String, String> expected = store().capabilities().attributes() ? kept : Map.of();
        assertThat(read(KEY).attributes()).as("attributes as read").isIn(expected, Map.of());
        assertThat(listed(KEY).attributes()).as("attributes as listed").isEqualTo(expected);
    }
}
