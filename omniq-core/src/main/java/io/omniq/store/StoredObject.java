/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.store;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/** One object as read from a store. Immutable, apart from the body array, which callers leave unchanged. */
public final class StoredObject {
    private final ListedObject listed;
    private final byte[] body;

    /**
     * An object with its body.
     *
     * @param listed its key, version, time and attributes
     * @param body its bytes; not copied
     */
    public StoredObject(ListedObject listed, byte[] body) {
        this.listed = Objects.requireNonNull(listed, "listed");
        this.body = Objects.requireNonNull(body, "body");
    }

    /** {@return what a listing shows of this object} */
    public ListedObject listed() {
        return listed;
    }

    /** {@return its key} */
    public String key() {
        return listed.key();
    }

    /** {@return its version when it was read} */
    public Version version() {
        return listed.version();
    }

    /** {@return the time of its last write, by the store's own clock; a read may cut it to the second, a listing does not} */
    public Instant updated() {
        return listed.updated();
    }

    /** {@return its attributes, where a read shows them; empty where it does not, or the store keeps none} */
    public Map<String, String> attributes() {
        return listed.attributes();
    }

    /** {@return its bytes, not copied: leave them unchanged} */
    public byte[] body() {
        return body;
    }

    @Override
    public String toString() {
        return "StoredObject[" + listed + ", bytes=" + body.length + "]";
    }
}
