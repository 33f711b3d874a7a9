/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.util.Map;

/**
 * One call as seen by those who choose which calls fail.
 *
 * @param method what is asked
 * @param bucket the bucket, empty if the call has none
 * @param object the name of the object; of a copy or a move the target; of a listing the prefix; empty if there is none
 * @param parameters the query parameters, decoded; of repeated ones the first
 */
public record GcsCall(GcsMethod method, String bucket, String object, Map<String, String> parameters) {
    /** Keeps a copy. */
    public GcsCall {
        parameters = Map.copyOf(parameters);
    }
}
