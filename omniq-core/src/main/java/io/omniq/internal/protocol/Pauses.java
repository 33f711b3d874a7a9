/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.model.Names;
import io.omniq.storage.PausedQueue;
import io.omniq.store.ListRequest;
import io.omniq.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which queues are paused: those whose marker is there, whatever it says. */
final class Pauses {
    private final Protocol protocol;

    Pauses(Protocol protocol) {
        this.protocol = protocol;
    }

    boolean pause(String queue, String reason) {
        ObjectNode body = Json.record();
        body.put("queue_name", queue);
        body.put("reason", reason);
        Definition.put(body, "paused_at", protocol.now());
        return protocol.tasks
                .write(Draft.create(Layout.paused(queue), body, protocol.nonces.next()))
                .applied();
    }

    boolean resume(String queue) {
        while (true) {
            Optional<StoredObject> marker = protocol.tasks.get(Layout.paused(queue));
            if (marker.isEmpty()) {
                return false;
            }
            if (protocol.tasks
                    .write(Draft.delete(marker.get().key(), marker.get().version()))
                    .applied()) {
                return true;
            }
        }
    }

    List<PausedQueue> list() {
        List<PausedQueue> paused = new ArrayList<>();
        for (StoredObject marker : Listing.bodies(protocol.tasks, ListRequest.of(Layout.PAUSED))) {
            paused.add(read(marker));
        }
        return paused;
    }

    private static PausedQueue read(StoredObject marker) {
        Fields f = Json.fields(marker.key(), marker.body());
        return f.checked(() ->
                new PausedQueue(Names.requireQueue(f.text("queue_name")), f.text("reason"), f.instant("paused_at")));
    }
}
