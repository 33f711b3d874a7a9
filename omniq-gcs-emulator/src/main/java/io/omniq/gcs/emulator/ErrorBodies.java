/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Refusals as JSON. */
final class ErrorBodies {
    private ErrorBodies() {}

    static Answer answer(GcsError refusal) {
        if (refusal.status() == 304) {
            return Answer.empty(304);
        }
        ObjectNode root = Json.object();
        ObjectNode error = root.putObject("error");
        error.put("code", refusal.status());
        error.put("message", refusal.text());
        ObjectNode detail = error.putArray("errors").addObject();
        detail.put("message", refusal.text());
        detail.put("domain", refusal.domain());
        detail.put("reason", refusal.reason());
        if (!refusal.location().isEmpty()) {
            detail.put("location", refusal.location());
            detail.put("locationType", refusal.locationType());
        }
        return Answer.json(refusal.status(), root);
    }
}
