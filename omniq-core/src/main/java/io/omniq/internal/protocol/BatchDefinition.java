/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The definitions of all tasks of a batch, in one object.
 *
 * @param id the batch's id
 * @param members the tasks, by number; all with the same nonce
 */
record BatchDefinition(String id, List<Definition> members) {
    /** So many bytes most members have. */
    private static final int MEMBER = 320;

    BatchDefinition {
        members = List.copyOf(members);
    }

    static BatchDefinition read(StoredObject object) {
        JsonNode body = Json.parse(object.key(), object.body());
        String id = Layout.id(object.key());
        if (!(body instanceof ArrayNode array) || array.isEmpty()) {
            throw new UnreadableRecordException(object.key(), "not an array of definitions", null);
        }
        List<Definition> members = new ArrayList<>();
        for (JsonNode node : array) {
            Definition member = Definition.read(Json.fields(object.key(), node));
            if (!member.task().id().equals(BatchIds.member(id, members.size()))) {
                throw new UnreadableRecordException(
                        object.key(),
                        "definition out of its place: id=" + member.task().id(),
                        null);
            }
            members.add(member);
        }
        return new BatchDefinition(id, members);
    }

    /** The create of it. */
    Draft draft() {
        RecordText array = new RecordText(members.size() * MEMBER).beginArray();
        members.forEach(member -> member.addTo(array));
        return Draft.createUnstamped(Layout.task(id), array.endArray().bytes());
    }

    int size() {
        return members.size();
    }

    /** By which the batch's results know it. */
    String nonce() {
        return members.get(0).nonce();
    }

    /** The key of the batch's entry. */
    String entryKey() {
        return Layout.batchEntry(members.get(0).task());
    }

    Optional<Definition> member(String memberId) {
        int number = BatchIds.number(memberId);
        return number < members.size() ? Optional.of(members.get(number)) : Optional.empty();
    }
}
