/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.store.Version;
import io.omniq.store.Write;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A write that is to be settled: sent until it is known to have landed or lost. The nonce tells our own body apart. */
record Draft(Write write, @Nullable String nonce) {

    static Draft create(String key, ObjectNode record, String nonce, Map<String, String> attributes) {
        return new Draft(Write.create(key, stamped(record, nonce), attributes), nonce);
    }

    static Draft create(String key, RecordText record, String nonce, Map<String, String> attributes) {
        return new Draft(Write.create(key, record.stamped(nonce), attributes), nonce);
    }

    static Draft create(String key, RecordText record, String nonce) {
        return create(key, record, nonce, Map.of());
    }

    static Draft create(String key, ObjectNode record, String nonce) {
        return create(key, record, nonce, Map.of());
    }

    /** A body that is no single record, such as an array of events, which nobody competes for. */
    static Draft createUnstamped(String key, byte[] body) {
        return new Draft(Write.create(key, body), null);
    }

    static Draft replace(
            String key, Version expected, RecordText record, String nonce, Map<String, String> attributes) {
        return new Draft(Write.replace(key, expected, record.stamped(nonce), attributes), nonce);
    }

    static Draft replace(
            String key, Version expected, ObjectNode record, String nonce, Map<String, String> attributes) {
        return new Draft(Write.replace(key, expected, stamped(record, nonce), attributes), nonce);
    }

    static Draft delete(String key, Version expected) {
        return new Draft(Write.delete(key, expected), null);
    }

    private static byte[] stamped(ObjectNode record, String nonce) {
        return Json.bytes(record.put("put", nonce));
    }
}
