/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.internal.protocol.GroupEnqueuer.Ticket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Callers whose tasks are written together. One of them leads; used by one thread at a time. */
final class EnqueueGroup {
    private final List<Ticket> tickets;
    private int leader;
    private @Nullable List<BatchEnqueuer.Unit> units;

    EnqueueGroup(List<Ticket> first) {
        this.tickets = new ArrayList<>(first);
    }

    List<Ticket> tickets() {
        return tickets;
    }

    /** Lets one more in, unless there are enough, or what is to be written is fixed already. */
    boolean takes(Ticket ticket, int most) {
        return units == null && tickets.size() < most && tickets.add(ticket);
    }

    /** What is to be written, made once: whoever repeats it sends the same. */
    List<BatchEnqueuer.Unit> units(BatchEnqueuer batches) {
        List<BatchEnqueuer.Unit> made = units;
        if (made == null) {
            made = batches.units(tickets.stream().map(ticket -> ticket.request).toList());
            units = made;
        }
        return made;
    }

    /** Tells the leader that it is out, and calls the next one to lead who is there; false when there is none. */
    boolean passOn(RuntimeException reason) {
        do {
            tickets.get(leader++).tell(reason);
            if (leader == tickets.size()) {
                return false;
            }
        } while (!tickets.get(leader).call(this));
        return true;
    }

    /** Tells all who are not told yet. */
    void fail(java.util.function.Supplier<RuntimeException> reason) {
        for (Ticket ticket : tickets) {
            if (!ticket.isTold()) {
                ticket.tell(reason.get());
            }
        }
    }
}
