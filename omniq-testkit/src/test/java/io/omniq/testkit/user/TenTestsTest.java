/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit.user;

import static io.omniq.testkit.OmniQAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskHandle;
import io.omniq.TaskSignal;
import io.omniq.TaskTimeoutException;
import io.omniq.testkit.OmniQExtension;
import io.omniq.testkit.TestOmniQ;
import io.omniq.testkit.TestTaskContext;
import io.omniq.testkit.TestTaskContext.Progress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The tests that every user writes, as the guide shows them. */
class TenTestsTest {
    // tag::setup[]
    private final Invoices invoices = new Invoices();

    @RegisterExtension
    final OmniQExtension extension = new OmniQExtension(TestOmniQ.builder().register(invoices));
    // end::setup[]

    // tag::enqueued[]
    @Test
    void anOrderIsInvoicedFiveMinutesLater(TestOmniQ omniq) {
        new Orders(omniq.omniq(), invoices).place("o-42", 1999);

        assertThat(omniq)
                .hasEnqueued("invoices.send")
                .withArguments("o-42", 1999)
                .inQueue("mail")
                .scheduledIn(Duration.ofMinutes(5));
    }
    // end::enqueued[]

    // tag::not-enqueued[]
    @Test
    void aFreeOrderIsNotInvoiced(TestOmniQ omniq) {
        new Orders(omniq.omniq(), invoices).place("o-42", 0);

        assertThat(omniq).hasNotEnqueued("invoices.send");
    }
    // end::not-enqueued[]

    // tag::method[]
    @Test
    void theMethodAloneTellsItsProgress() throws Exception {
        TestTaskContext context = TestTaskContext.of("invoices.send");

        String value = context.call(() -> invoices.send("o-42", 1999));

        assertThat(value).isEqualTo("invoice of o-42");
        assertThat(context.progress()).containsExactly(new Progress(1, 2, "rendered"), new Progress(2, 2, "sent"));
    }
    // end::method[]

    // tag::result[]
    @Test
    void theTaskHasAResult(TestOmniQ omniq) {
        TaskHandle<String> handle = omniq.enqueue(invoices::send, "o-42", 1999);

        omniq.drain();

        assertThat(handle).succeeded().hasResult("invoice of o-42").hasAttempts(1);
    }
    // end::result[]

    // tag::delay[]
    @Test
    void theInvoiceIsSentWhenItIsTime(TestOmniQ omniq) {
        new Orders(omniq.omniq(), invoices).place("o-42", 1999);

        omniq.advance(Duration.ofMinutes(4));
        assertThat(invoices.sent).isEmpty();

        omniq.advance(Duration.ofMinutes(1));
        assertThat(invoices.sent).containsValue("o-42");
    }
    // end::delay[]

    // tag::retry[]
    @Test
    void aFailureIsTriedAgainTenSecondsLater(TestOmniQ omniq) {
        omniq.failNext("invoices.send", new IllegalStateException("mail provider is down"));
        TaskHandle<String> handle = omniq.enqueue(invoices::send, "o-42", 1999);

        omniq.drain();
        assertThat(handle).isPending();

        omniq.advance(Duration.ofSeconds(10));
        assertThat(handle).succeeded().hasAttempts(2);
    }
    // end::retry[]

    // tag::failure[]
    @Test
    void whatCannotSucceedIsADeadLetterAtOnce(TestOmniQ omniq) {
        TaskHandle<String> handle = omniq.enqueue(invoices::send, "o-42", -1);

        omniq.drain();

        assertThat(handle)
                .failedWith(TaskSignal.class, "cannot be negative: order=o-42")
                .hasAttempts(1);
        assertThat(omniq.omniq().taskStorage().listDeadLetters("mail", 10, 0)).hasSize(1);
    }
    // end::failure[]

    // tag::crash[]
    @Test
    void theInvoiceIsSentOnceAlthoughTheWorkerDies(TestOmniQ omniq) {
        omniq.crashNext("invoices.send"); // after its work, before its outcome is recorded
        TaskHandle<String> handle = omniq.enqueue(invoices::send, "o-42", 1999);

        omniq.drain();
        omniq.advance(Duration.ofMinutes(1)); // the dead worker's lease ends, another takes over

        assertThat(handle).succeeded();
        assertThat(invoices.calls).isEqualTo(2);
        assertThat(invoices.sent).hasSize(1);
    }
    // end::crash[]

    // tag::timeout[]
    @Test
    void aSlowDownloadIsGivenUp(TestOmniQ omniq) {
        invoices.download = () -> omniq.advance(Duration.ofSeconds(121)); // plays that it takes so long
        TaskHandle<String> handle = omniq.enqueue(invoices::send, "o-42", 1999);

        omniq.advance(Duration.ofMinutes(30));

        assertThat(handle).failedWith(TaskTimeoutException.class, "PT2M").hasAttempts(3);
        assertThat(invoices.sent).isEmpty();
    }
    // end::timeout[]

    // tag::outage[]
    @Test
    void anOrderIsRefusedWhileTheStoreIsDown(TestOmniQ omniq) {
        Orders orders = new Orders(omniq.omniq(), invoices);

        omniq.store().startOutage();
        assertThat(orders.place("o-42", 1999)).isFalse();

        omniq.store().endOutage();
        assertThat(orders.place("o-42", 1999)).isTrue();
        assertThat(omniq).hasEnqueuedTimes("invoices.send", 1);
    }
    // end::outage[]
}
