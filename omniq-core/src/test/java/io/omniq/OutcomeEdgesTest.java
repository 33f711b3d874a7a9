/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import io.omniq.model.TaskResult;
import io.omniq.storage.MemoryBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OutcomeEdgesTest {
    private static final Duration SOON = Duration.ofSeconds(50);

    /** An exception that cannot even tell its message. */
    static final class Mute extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message for you");
        }
    }

    /** A value that cannot be read back. */
    @JsonDeserialize(using = Bomb.Reader.class)
    public static final class Bomb {
        /** Something to write. */
        public int size = 1;

        static final class Reader extends StdDeserializer<Bomb> {
            private static final long serialVersionUID = 1L;

            Reader() {
                super(Bomb.class);
            }

            @Override
            public Bomb deserialize(JsonParser parser, DeserializationContext context) {
                throw new StackOverflowError("too deep");
            }
        }
    }

    /** Tasks that end in odd ways. */
    public static final class Odd {
        final AtomicInteger runs = new AtomicInteger();
        final CountDownLatch started = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);
        final AtomicReference<OmniQ> omniq = new AtomicReference<>();

        @Task(value = "odd.mute", maxAttempts = 1)
        public void mute() {
            runs.incrementAndGet();
            throw new Mute();
        }

        @Task(value = "odd.deep", maxAttempts = 2)
        public List<Object> deep() {
            runs.incrementAndGet();
            List<Object> value = new ArrayList<>();
            for (int i = 0; i < 999; i++) {
                value = new ArrayList<>(List.of(value));
            }
            return value;
        }

        @Task("odd.bomb")
        public Bomb bomb() {
            return new Bomb();
        }

        @Task("odd.last")
        public void last() {
            runs.incrementAndGet();
        }

        @Task(value = "odd.parent", maxAttempts = 1)
        public String parent() throws InterruptedException {
            started.countDown();
            go.await(50, TimeUnit.SECONDS);
            return omniq.get().enqueue(this::last).id();
        }
    }

    private final Odd odd = new Odd();

    private OmniQ started(MemoryBackend backend) {
        OmniQ omniq = OmniQ.builder()
                .backend(backend)
                .register(odd)
                .leaveBackendsOpen()
                .build();
        odd.omniq.set(omniq);
        omniq.start();
        return omniq;
    }

    @Test
    void anExceptionWithoutAReadableMessageStillFailsItsTaskOnce() {
        try (OmniQ omniq = started(new MemoryBackend())) {
            TaskHandle<Void> handle = omniq.enqueue(odd::mute);

            assertThatThrownBy(() -> handle.await(SOON)).isInstanceOf(TaskFailedException.class);
            assertThat(odd.runs).hasValue(1);
        }
    }

    @Test
    void aValueThatFitsAloneButNotInItsRecordFailsTheTaskOnce() {
        try (OmniQ omniq = started(new MemoryBackend())) {
            TaskHandle<List<Object>> handle = omniq.enqueue(odd::deep);

            assertThatThrownBy(() -> handle.await(SOON)).isInstanceOf(TaskFailedException.class);
            assertThat(odd.runs).hasValue(1);
        }
    }

    @Test
    void aValueWhoseReaderDiesEndsTheFutureAllTheSame() {
        try (OmniQ omniq = started(new MemoryBackend())) {
            assertThatThrownBy(() -> omniq.enqueue(odd::bomb).result(SOON).join())
                    .isInstanceOf(CompletionException.class)
                    .hasRootCauseInstanceOf(StackOverflowError.class);
        }
    }

    @Test
    void aTaskMayEnqueueWhileItsWorkerDrains() throws Exception {
        MemoryBackend backend = new MemoryBackend();
        OmniQ omniq = started(backend);
        String id = omniq.enqueue(odd::parent).id();
        assertThat(odd.started.await(50, TimeUnit.SECONDS)).isTrue();

        Thread closing = new Thread(omniq::close);
        closing.start();
        while (isOpen(omniq)) {
            Thread.onSpinWait();
        }
        odd.go.countDown();
        closing.join(50_000);

        TaskResult result = backend.resultStorage().get(id).orElseThrow();
        assertThat(result.isSuccessful()).as(String.valueOf(result)).isTrue();
        // Whether this worker still claimed it, or leaves it to another, is a matter of moments.
        assertThat(backend.taskStorage().getTask(result.result().textValue())).isPresent();
    }

    private boolean isOpen(OmniQ omniq) {
        try {
            omniq.maintain();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
