/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.store;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One conditional write. There is no unconditional one. Immutable, apart from the body array, which the caller leaves
 * unchanged until the write has returned.
 */
public final class Write {
    private static final byte[] NOTHING = {};

    /** The three kinds of write. */
    public enum Kind {
        /** Applied when no object has the key. */
        CREATE,
        /** Applied when the object has the expected version. */
        REPLACE,
        /** Removes the object when it has the expected version. */
        DELETE
    }

    private final Kind kind;
    private final String key;
    private final @Nullable Version expected;
    private final byte[] body;
    private final Map<String, String> attributes;

    private Write(Kind kind, String key, @Nullable Version expected, byte[] body, Map<String, String> attributes) {
        this.kind = kind;
        this.key = Objects.requireNonNull(key, "key");
        this.expected = expected;
        this.body = Objects.requireNonNull(body, "body");
        this.attributes = Map.copyOf(attributes);
    }

    /**
     * Creates an object if there is none with this key.
     *
     * @param key the key
     * @param body the bytes
     * @param attributes short texts shown by listings; dropped by a store without attributes
     * @return the write
     */
    public static Write create(String key, byte[] body, Map<String, String> attributes) {
        return new Write(Kind.CREATE, key, null, body, attributes);
    }

    /**
     * Creates an object without attributes if there is none with this key.
     *
     * @param key the key
     * @param body the bytes
     * @return the write
     */
    public static Write create(String key, byte[] body) {
        return create(key, body, Map.of());
    }

    /**
     * Replaces body and attributes of an object that still has the expected version.
     *
     * @param key the key
     * @param expected the version it must have
     * @param body the new bytes
     * @param attributes the new attributes
     * @return the write
     */
    public static Write replace(String key, Version expected, byte[] body, Map<String, String> attributes) {
        return new Write(Kind.REPLACE, key, Objects.requireNonNull(expected, "expected"), body, attributes);
    }

    /**
     * Replaces an object that still has the expected version by one without attributes.
     *
     * @param key the key
     * @param expected the version it must have
     * @param body the new bytes
     * @return the write
     */
    public static Write replace(String key, Version expected, byte[] body) {
        return replace(key, expected, body, Map.of());
    }

    /**
     * Deletes an object that still has the expected version.
     *
     * @param key the key
     * @param expected the version it must have
     * @return the write
     */
    public static Write delete(String key, Version expected) {
        return new Write(Kind.DELETE, key, Objects.requireNonNull(expected, "expected"), NOTHING, Map.of());
    }

    /** {@return the kind of this write} */
    public Kind kind() {
        return kind;
    }

    /** {@return the key it is about} */
    public String key() {
        return key;
    }

    /**
     * The version a replace or delete asks for.
     *
     * @return the version the object must have
     * @throws IllegalStateException for a create, which asks for absence
     */
    public Version expected() {
        if (expected == null) {
            throw new IllegalStateException("a create expects no version: key=" + key);
        }
        return expected;
    }

    /** {@return the bytes to store; empty for a delete; not copied} */
    public byte[] body() {
        return body;
    }

    /** {@return the attributes to store; empty for a delete} */
    public Map<String, String> attributes() {
        return attributes;
    }

    @Override
    public String toString() {
        return kind + " " + key + (expected == null ? "" : " if " + expected) + " bytes=" + body.length;
    }
}
