/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.store.ListRequest;
import io.omniq.store.StorageException;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** After close every call fails, rather than finding nothing. */
abstract class ClosedStoreTopic extends StoreTopic {
    private static final String KEY = "closed/object";

    ClosedStoreTopic(ObjectStoreContract contract) {
        super(contract);
    }

    @Test
    void everyCallFailsAfterClose() {
        Version version = create(KEY, "x");

        store().close();

        assertFails(() -> store().get(KEY));
        assertFails(() -> store().getAll(List.of(KEY, "closed/missing")));
        assertFails(() -> store().list(ListRequest.of("")));
        assertFails(() -> store().now());
        assertFails(() -> store().write(List.of(Write.create("closed/new", bytes("x")))));
        assertFails(() -> store().write(List.of(Write.replace(KEY, version, bytes("y")))));
        assertFails(() -> store().write(List.of(Write.delete(KEY, version))));
    }

    @Test
    void closingTwiceIsHarmless() {
        create(KEY, "x");

        store().close();

        assertThatCode(() -> store().close()).doesNotThrowAnyException();
        assertFails(() -> store().get(KEY));
    }

    @Test
    void aStoreThatWasNeverUsedCanBeClosed() {
        assertThatCode(() -> store().close()).doesNotThrowAnyException();
    }

    @Test
    void closingWhileOthersWorkEndsTheirCallsWithAFailure() throws Exception {
        CountDownLatch busy = new CountDownLatch(30);

        List<StorageException> endings = Crew.run(4, thread -> {
            if (thread == 0) {
                assertThat(busy.await(1, TimeUnit.MINUTES)).as("others work").isTrue();
                store().close();
            }
            return workUntilClosed("closed/" + thread, busy);
        });

        assertThat(endings).hasSize(4).doesNotContainNull();
    }

    private StorageException workUntilClosed(String key, CountDownLatch busy) {
        // Bounded: a store that works on after close must fail this test and not hang it.
        for (int i = 0; i < 1_000_000; i++) {
            try {
                WriteOutcome outcome = write(Write.create(key + "/" + i, bytes("x")));
                if (outcome.failure().isPresent()) {
                    return outcome.failure().orElseThrow();
                }
                store().get(key + "/" + i);
            } catch (StorageException e) {
                return e;
            } finally {
                busy.countDown();
            }
        }
        throw new AssertionError("the closed store still works");
    }

    private static void assertFails(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(StorageException.class);
    }
}
