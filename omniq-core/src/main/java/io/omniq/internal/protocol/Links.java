/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.node.BooleanNode;
import io.omniq.model.Names;
import io.omniq.model.TaskRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What ties an entry to other tasks and places.
 *
 * @param waitingFor the tasks it waits for, while blocked
 * @param hasChildren whether somebody waits for its end, so that the entry must not go before they were told
 * @param movedTo the queue it has moved to: the entry is only a signpost
 * @param movedFrom the queues that hold signposts to it, the first one first
 * @param moves how often it has moved
 */
record Links(
        List<String> waitingFor,
        boolean hasChildren,
        @Nullable String movedTo,
        List<String> movedFrom,
        int moves) {
    static final List<String> NAMES = List.of("waiting_for", "has_children", "moved_to", "moved_from", "moves");

    static final Links NONE = new Links(List.of(), false, null, List.of(), 0);

    Links {
        waitingFor = List.copyOf(waitingFor);
        movedFrom = List.copyOf(movedFrom);
    }

    static Links of(TaskRecord task) {
        return task.dependencies().isEmpty() && task.callbacks().isEmpty()
                ? NONE
                : new Links(task.dependencies(), !task.callbacks().isEmpty(), null, List.of(), 0);
    }

    static Links read(Fields f) {
        List<String> waitingFor = f.texts("waiting_for");
        waitingFor.forEach(Names::requireTaskId);
        List<String> movedFrom = f.texts("moved_from");
        movedFrom.forEach(Names::requireQueue);
        String movedTo = f.optionalText("moved_to");
        Links links = new Links(
                waitingFor,
                f.flag("has_children"),
                movedTo == null ? null : Names.requireQueue(movedTo),
                movedFrom,
                f.integerOr("moves", 0));
        return links.equals(NONE) ? NONE : links;
    }

    void addTo(RecordText text) {
        text.setUnlessEmpty("waiting_for", waitingFor);
        if (hasChildren) {
            text.set("has_children", BooleanNode.TRUE);
        }
        text.put("moved_to", movedTo).setUnlessEmpty("moved_from", movedFrom);
        if (moves > 0) {
            text.put("moves", moves);
        }
    }

    boolean areNone() {
        return equals(NONE);
    }

    Links withChildren() {
        return new Links(waitingFor, true, movedTo, movedFrom, moves);
    }

    Links without(String parent) {
        List<String> left = new ArrayList<>(waitingFor);
        left.remove(parent);
        return new Links(left, hasChildren, movedTo, movedFrom, moves);
    }

    /** The signpost's. */
    Links leavingFor(String queue) {
        return new Links(waitingFor, hasChildren, queue, movedFrom, moves + 1);
    }

    /** Those of the entry a signpost points to. */
    Links arrivedFrom(String queue) {
        List<String> from = new ArrayList<>(movedFrom);
        if (!from.contains(queue)) { // a task may come by a queue again and again
            from.add(queue);
        }
        return new Links(waitingFor, hasChildren, null, from, moves);
    }
}
