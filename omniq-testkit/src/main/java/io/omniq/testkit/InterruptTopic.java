/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.StorageException;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Interrupted threads get the answer, with their interrupt status kept, or a failure; never a wrong answer. Others notice
 * nothing: a file channel shared by threads, for one, is closed for all of them by one interrupt.
 */
abstract class InterruptTopic extends StoreTopic {
    private static final String KEY = "interrupt/object";

    InterruptTopic(ObjectStoreContract contract) {
        super(contract);
    }

    @Test
    void anInterruptedReadAnswersOrFails() throws Exception {
        create(KEY, "x");

        whenInterrupted(() -> store().get(KEY))
                .ifPresent(found -> assertThat(found).map(StoreTopic::text).contains("x"));
        whenInterrupted(() -> store().getAll(List.of(KEY, "interrupt/missing")))
                .ifPresent(found ->
                        assertThat(found).extracting(Optional::isPresent).containsExactly(true, false));

        assertThat(text(KEY)).isEqualTo("x");
    }

    @Test
    void anInterruptedListingAnswersOrFails() throws Exception {
        create(KEY, "x");

        whenInterrupted(() -> store().list(ListRequest.of("interrupt/")))
                .ifPresent(page ->
                        assertThat(page.objects()).extracting(ListedObject::key).containsExactly(KEY));
        whenInterrupted(() -> store().now());

        assertThat(keys("interrupt/")).containsExactly(KEY);
        assertThat(store().now()).isNotNull();
    }

    @Test
    void anInterruptedCreateSaysTheTruth() throws Exception {
        Optional<List<WriteOutcome>> outcomes =
                whenInterrupted(() -> store().write(List.of(Write.create(KEY, bytes("x")))));

        assertTold(outcomes.map(list -> list.get(0)).orElse(null), KEY);
        create("interrupt/after", "the store still works");
    }

    @Test
    void anInterruptedReplaceSaysTheTruth() throws Exception {
        Version before = create(KEY, "before");

        Optional<List<WriteOutcome>> outcomes =
                whenInterrupted(() -> store().write(List.of(Write.replace(KEY, before, bytes("after")))));

        boolean replaced = text(KEY).equals("after");
        assertThat(read(KEY).version().equals(before))
                .as("version is the old one")
                .isEqualTo(!replaced);
        if (outcomes.isPresent()) {
            Status status = outcomes.get().get(0).status();
            assertThat(status).isIn(Status.APPLIED, Status.FAILED, Status.UNKNOWN);
            assertThat(status == Status.UNKNOWN || replaced == (status == Status.APPLIED))
                    .as("answer %s, replaced=%s", status, replaced)
                    .isTrue();
        }
        replace(KEY, read(KEY).version(), "the store still works");
    }

    @Test
    void anInterruptedGroupSaysTheTruthForEachWrite() throws Exception {
        List<Write> group = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            group.add(Write.create(KEY + i, bytes("x")));
        }

        Optional<List<WriteOutcome>> outcomes = whenInterrupted(() -> store().write(group));

        for (int i = 0; i < 50; i++) {
            int own = i;
            assertTold(outcomes.map(list -> list.get(own)).orElse(null), KEY + i);
        }
        create("interrupt/after", "the store still works");
    }

    @Test
    void othersGoOnWhileOneIsInterrupted() throws Exception {
        CountDownLatch victimDone = new CountDownLatch(1);
        AtomicReference<Thread> victim = new AtomicReference<>();
        List<Callable<Boolean>> crew = new ArrayList<>();
        crew.add(() -> {
            victim.set(Thread.currentThread());
            try {
                return beInterrupted();
            } finally {
                victim.set(null);
                victimDone.countDown();
            }
        });
        crew.add(() -> {
            while (victimDone.getCount() > 0 && !Thread.currentThread().isInterrupted()) {
                Optional.ofNullable(victim.get()).ifPresent(Thread::interrupt);
                Thread.onSpinWait();
            }
            return true;
        });
        for (int i = 0; i < 4; i++) {
            int number = i;
            crew.add(() -> goOn(number, victimDone));
        }

        Crew.run(crew);

        assertThat(keys("interrupt/bystander/")).isEmpty();
    }

    /** Uses the store under fire from another thread and from itself; whatever is applied must be there. */
    private boolean beInterrupted() {
        Effort effort = Effort.on(store(), 50);
        for (int i = 0; effort.goesOnAfter(i); i++) {
            String key = "interrupt/victim/" + i;
            try {
                Thread.currentThread().interrupt();
                WriteOutcome outcome = write(Write.create(key, bytes("x")));
                if (outcome.isApplied()) {
                    assertThat(store().get(key)).as("created object %s", key).isPresent();
                    write(Write.delete(key, outcome.version().orElseThrow()));
                }
            } catch (StorageException e) {
                assertThat(e.operation()).as("operation of %s", e).isNotEmpty();
            }
            Thread.interrupted();
        }
        return true;
    }

    /** Works until the victim is done, and once more afterwards. */
    private boolean goOn(int number, CountDownLatch victimDone) {
        boolean last = false;
        for (int i = 0; !last; i++) {
            last = victimDone.getCount() == 0 || Thread.currentThread().isInterrupted();
            String key = "interrupt/bystander/" + number + "-" + i;
            Version created = create(key, "x");
            Version replaced = replace(key, created, "y");
            assertThat(text(key)).isEqualTo("y");
            assertThat(keys(key)).containsExactly(key);
            delete(key, replaced);
        }
        return true;
    }

    /** Makes a call in a thread that is interrupted already; empty when it failed as it may. */
    private static <T> Optional<T> whenInterrupted(Callable<T> call) throws Exception {
        return Crew.<Optional<T>>run(1, number -> {
                    Thread.currentThread().interrupt();
                    try {
                        T answer = call.call();
                        assertThat(Thread.currentThread().isInterrupted())
                                .as("interrupt status after an answer")
                                .isTrue();
                        return Optional.of(answer);
                    } catch (StorageException e) {
                        return Optional.empty();
                    }
                })
                .get(0);
    }

    /** Compares what a create answered, or {@code null} for a group that was not tried, with what is there. */
    private void assertTold(@Nullable WriteOutcome outcome, String key) {
        boolean there = store().get(key).isPresent();
        Status status = outcome == null ? Status.FAILED : outcome.status();
        assertThat(status).as("answer to an interrupted create").isIn(Status.APPLIED, Status.FAILED, Status.UNKNOWN);
        assertThat(status == Status.UNKNOWN || there == (status == Status.APPLIED))
                .as("answer %s for %s, there=%s", status, key, there)
                .isTrue();
    }
}
