/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit.user;

import io.omniq.OmniQ;
import io.omniq.TaskOptions;
import io.omniq.store.StorageException;
import java.time.Duration;

// tag::code[]
/** What enqueues them. */
public class Orders {
    private final OmniQ omniq;
    private final Invoices invoices;

    Orders(OmniQ omniq, Invoices invoices) {
        this.omniq = omniq;
        this.invoices = invoices;
    }

    boolean place(String order, int cents) {
        if (cents == 0) {
            return true; // nothing to pay, nothing to send
        }
        try {
            omniq.enqueue(invoices::send, order, cents, TaskOptions.delayed(Duration.ofMinutes(5)));
            return true;
        } catch (StorageException e) {
            return false; // not accepted: the customer tries again
        }
    }
}
// end::code[]
