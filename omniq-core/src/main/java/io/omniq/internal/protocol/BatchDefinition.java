/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.model.TaskRecord;
import io.omniq.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The definitions of all tasks of a batch, in one object: what they have in common once, and of each what it has alone.
 *
 * @param id the batch's id
 * @param members the tasks, by number; all with the same nonce
 */
record BatchDefinition(String id, List<Definition> members) {
    /** So many bytes most members have. */
    private static final int MEMBER = 80;

    private static final String MEMBERS = "members";

    BatchDefinition {
        members = List.copyOf(members);
    }

    static BatchDefinition read(StoredObject object) {
        Fields f = Json.fields(object.key(), object.body());
        return f.checked(() -> read(Layout.id(object.key()), f));
    }

    private static BatchDefinition read(String id, Fields f) {
        String nonce = f.text("put");
        List<Definition> members = new ArrayList<>();
        TaskRecord last = null;
        for (JsonNode node : f.list(MEMBERS)) {
            Fields own = f.inner(MEMBERS, node);
            last = last == null ? Definition.task(own, f) : Definition.task(own, last);
            if (!last.id().equals(BatchIds.member(id, members.size()))) {
                throw new IllegalArgumentException("definition out of its place: id=" + last.id());
            }
            members.add(new Definition(last, nonce));
        }
        if (members.isEmpty()) {
            throw new IllegalArgumentException("a batch without members");
        }
        return new BatchDefinition(id, members);
    }

    /** The create of it. */
    Draft draft() {
        RecordText text = RecordText.record(members.size() * MEMBER);
        Definition.writeShared(members.get(0).task(), text).beginArray(MEMBERS);
        members.forEach(member -> Definition.writeOwn(member.task(), text));
        return Draft.create(Layout.task(id), text.endArray(), nonce());
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
