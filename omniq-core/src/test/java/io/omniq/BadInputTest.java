/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import com.fasterxml.jackson.databind.node.TextNode;
import io.omniq.model.NewTask;
import io.omniq.model.TaskStatus;
import io.omniq.storage.MemoryBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused at an enqueue, with a message that names value and remedy, and without writing anything. */
class BadInputTest {
    /** A value that contains itself. */
    public static final class Knot {
        public final List<Object> parts = new ArrayList<>(List.of(this));
        public final Knot self = this;
    }

    /** A value that cannot be read. */
    public static final class Sore {
        public int getValue() {
            throw new IllegalStateException("do not look");
        }
    }

    /** An argument with structure. */
    public record Point(int x, int y) {}

    /** Tasks. */
    public static final class Reports {
        @Task(value = "reports.render", aliases = "render")
        public String render(String customer, int pages) {
            return customer + pages;
        }

        @Task("reports.any")
        public Object any(Object value) {
            return value;
        }

        @Task("reports.point")
        public int point(Point point) {
            return point.x();
        }

        @Task("reports.flag")
        public boolean flag(boolean value) {
            return value;
        }

        @Task("reports.purge")
        public void purge() {}
    }

    private final Reports reports = new Reports();
    private final MemoryBackend backend = new MemoryBackend();
    private final OmniQ omniq =
            OmniQ.builder().backend(backend).register(reports).build();

    @AfterEach
    void nothingWasWritten() {
        assertThat(StoreView.keys(backend)).isEmpty();
        omniq.close();
    }

    private static AbstractThrowableAssert<?, ?> refused(ThrowingCallable call) {
        return assertThatThrownBy(call).isInstanceOf(InvalidTaskException.class);
    }

    @Test
    void anUnknownNameWithTheNearestOne() {
        refused(() -> omniq.enqueue("reports.rendr", "c", 1))
                .hasMessage("no task with this name is registered here: name=reports.rendr nearest=reports.render"
                        + " known=[render, reports.any, reports.flag, reports.point, reports.purge,"
                        + " reports.render]");
    }

    @Test
    void anUnknownNameWithoutBlocking() {
        assertThatThrownBy(() -> omniq.async().enqueue("nope").join())
                .hasCauseInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("name=nope");
    }

    @Test
    void theWrongNumberOfArguments() {
        refused(() -> omniq.enqueue("reports.render", "c"))
                .hasMessage("wrong number of arguments: name=reports.render expected=(String, int) given=1");
        refused(() -> omniq.enqueue("render"))
                .hasMessage("wrong number of arguments: name=reports.render expected=(String, int) given=0");
        refused(() -> omniq.enqueue("reports.purge", 1)).hasMessageContaining("expected=() given=1");
        refused(() -> omniq.enqueueMethod(
                        (TaskMethod.Function2<String, Integer, String>) reports::render,
                        TaskOptions.none(),
                        List.of("c")))
                .hasMessageContaining("expected=(String, int) given=1");
    }

    @Test
    void argumentsOfTheWrongType() {
        String fits = "argument does not fit its parameter: name=reports.render argument=";
        refused(() -> omniq.enqueue("reports.render", 7, 1)).hasMessage(fits + "1 expected=java.lang.String given=7");
        refused(() -> omniq.enqueue("reports.render", "c", "7")).hasMessage(fits + "2 expected=int given=\"7\"");
        refused(() -> omniq.enqueue("reports.render", "c", null)).hasMessage(fits + "2 expected=int given=null");
        refused(() -> omniq.enqueue("reports.render", "c", 1.5)).hasMessage(fits + "2 expected=int given=1.5");
        refused(() -> omniq.enqueue("reports.render", "c", 3_000_000_000L))
                .hasMessage(fits + "2 expected=int given=3000000000");
        refused(() -> omniq.enqueue("reports.flag", 1)).hasMessageContaining("expected=boolean given=1");
        refused(() -> omniq.enqueue("reports.flag", "true")).hasMessageContaining("expected=boolean given=\"true\"");
        refused(() -> omniq.enqueue("reports.point", Map.of("x", "one")))
                .hasMessageContaining("expected=" + Point.class.getName());
        refused(() -> omniq.enqueue("reports.point", List.of(1, 2))).hasMessageContaining("given=[1,2]");
    }

    @Test
    void aLongValueIsShownByItsBeginning() {
        refused(() -> omniq.enqueue("reports.point", "x".repeat(5000)))
                .hasMessageEndingWith("x...")
                .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(400));
    }

    @Test
    void argumentsThatCannotBeWritten() {
        refused(() -> omniq.enqueue(reports::any, (Object) new Knot()))
                .hasMessage(
                        "argument cannot be written as JSON: name=reports.any argument=1 type=" + Knot.class.getName());
        refused(() -> omniq.enqueue("reports.render", "c", new Object()))
                .hasMessage("argument cannot be written as JSON: name=reports.render argument=2 type=java.lang.Object");
        refused(() -> omniq.enqueue("reports.any", new Sore()))
                .hasMessageContaining("argument=1 type=" + Sore.class.getName())
                .hasStackTraceContaining("do not look");
    }

    @Test
    void optionsThatAreNotLast() {
        refused(() -> omniq.enqueue("reports.render", TaskOptions.none(), "c", 1))
                .hasMessage("options must be the last argument: name=reports.render");
    }

    @Test
    void argumentsOverTheLimit() {
        refused(() -> omniq.enqueue(reports::render, "x".repeat(1 << 20), 1))
                .hasMessage("arguments are too large; store the data elsewhere and pass a reference:"
                        + " name=reports.render bytes=1048579 limit=1048576");
    }

    @Test
    void argumentsOverALimitOfOnesOwn() {
        try (OmniQ small = OmniQ.builder()
                .backend(backend)
                .leaveBackendsOpen()
                .maxPayload(1024)
                .build()) {
            refused(() -> small.enqueue("any", "x".repeat(1023))).hasMessageContaining("bytes=1025 limit=1024");
            NewTask byName =
                    new NewTask("any", List.of(), Map.of("k", new TextNode("x".repeat(1023))), TaskOptions.none());
            refused(() -> small.taskStorage().enqueue(byName)).hasMessageContaining("limit=1024");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a/b", ".a", "-a", "a\u00e4", "a\nb", "../x"})
    void invalidTaskNames(String name) {
        try (OmniQ producer =
                OmniQ.builder().backend(backend).leaveBackendsOpen().build()) {
            assertThatThrownBy(() -> producer.enqueue(name))
                    .isInstanceOf(InvalidNameException.class)
                    .hasMessage("invalid task name: value=\"" + name.replace('\n', '?')
                            + "\" allowed=1 to 256 of letters, digits, '_', and, not first, '.', ':', '$', '-'");
        }
    }

    @Test
    void invalidIds() {
        assertThatThrownBy(() -> omniq.handle("a/b", String.class))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("invalid task id: value=\"a/b\"");
        assertThatThrownBy(() -> omniq.cancel("../x", "why"))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("value=\"../x\"");
        assertThatThrownBy(() -> omniq.taskStorage().getTask("a.b")).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> omniq.taskStorage().deleteTask("")).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> omniq.taskStorage().queueSize("a/b"))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("invalid queue name: value=\"a/b\"");
        assertThatThrownBy(() -> omniq.scheduleStorage().getSchedule("a/b"))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("invalid schedule id: value=\"a/b\"");
    }

    @Test
    void waitsThatEndBeforeTheyBegin() {
        TaskHandle<String> handle = omniq.handle("some-id", String.class);

        assertThatThrownBy(() -> handle.await(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("atMost must be longer than zero: atMost=PT0S");
        assertThatThrownBy(() -> handle.result(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("atMost must not be negative: atMost=PT-1S");
    }

    @Test
    void metadataThatCannotBeWritten() {
        for (Object value : List.of(new Sore(), List.of(1, new Sore()), Map.of("a", new Sore()))) {
            assertThatThrownBy(() -> TaskOptions.none().metadata("owner", value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("metadata must be text, number, boolean, or lists and maps of these: key=owner type="
                            + Sore.class.getName());
        }
    }

    @Test
    void nullInPlaceOfTheArguments() {
        assertThatThrownBy(() -> omniq.enqueue("reports.any", (Object[]) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("arguments; to pass one that is null, write (Object) null");
    }

    @Test
    void settingsOutsideTheirBounds() {
        OmniQBuilder builder = OmniQ.builder();
        Duration day = Duration.ofDays(1);

        assertThatThrownBy(() -> builder.maxPayload(1023))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxPayload must be 1024 to 67108864: maxPayload=1023");
        assertThatThrownBy(() -> builder.maxPayload((64 << 20) + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxPayload must be 1024 to 67108864: maxPayload=67108865");
        assertThatThrownBy(() -> builder.resultTtl(Duration.ZERO, day))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ttl must be longer than zero: ttl=PT0S");
        assertThatThrownBy(() -> builder.resultTtl(day, Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("failedTtl must not be negative: failedTtl=PT-1S");
        assertThatThrownBy(() -> builder.eventTtl(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ttl must be longer than zero: ttl=PT0S");
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a backend is needed: call backend(...) first, or set backend.url");
    }

    @Test
    void aMapperWithDefaultTyping() {
        ObjectMapper typing = new ObjectMapper();
        typing.activateDefaultTyping(BasicPolymorphicTypeValidator.builder()
                .allowIfSubType(Object.class)
                .build());

        assertThatThrownBy(() -> OmniQ.builder().objectMapper(typing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the mapper must not use default typing: it would let stored data choose classes");
    }

    @Test
    void aValueOverTheLimitOrUnwritableFailsItsTaskForGood() {
        MemoryBackend own = new MemoryBackend();
        try (OmniQ small = OmniQ.builder()
                .backend(own)
                .maxPayload(1024)
                .register(new Growing())
                .build()) {
            small.start();
            assertFails(small, small.enqueue("grow"), "value is too large; store the data elsewhere");
            assertFails(small, small.enqueue("knot"), "value cannot be written as JSON: name=knot type=");
        }
    }

    /** Tasks whose values are no good. */
    public static final class Growing {
        @Task("grow")
        public String grow() {
            return "x".repeat(2000);
        }

        @Task("knot")
        public Object knot() {
            return new Knot();
        }
    }

    private static void assertFails(OmniQ omniq, TaskHandle<?> handle, String message) {
        assertThatThrownBy(() -> handle.await(Duration.ofSeconds(50)))
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining(message);
        assertThat(handle.status()).isEqualTo(TaskStatus.FAILED);
        assertThat(omniq.taskStorage().getTask(handle.id()).orElseThrow().attempt())
                .isOne();
    }
}
