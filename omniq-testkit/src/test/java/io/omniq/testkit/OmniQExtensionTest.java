/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.omniq.OmniQ;
import io.omniq.store.ListRequest;
import io.omniq.store.MemoryObjectStore;
import io.omniq.store.ObjectPage;
import io.omniq.testkit.user.Reports;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** What the extension gives to tests, and when it fails them. */
class OmniQExtensionTest {
    private static final String SWITCH = "omniq.extension.test";
    private static final Set<TestOmniQ> SEEN = new HashSet<>();

    private final List<TestOmniQ> given = new ArrayList<>();

    @RegisterExtension
    static final OmniQExtension SHARED = new OmniQExtension(TestOmniQ.builder().register(new Reports()));

    @BeforeEach
    void seeItBefore(TestOmniQ omniq) {
        given.add(omniq);
    }

    @RepeatedTest(2)
    void eachTestHasItsOwn(TestOmniQ omniq, OmniQ itsOmniQ, TestClock itsClock) {
        assertThat(given).containsExactly(omniq);
        assertThat(itsOmniQ).isSameAs(omniq.omniq());
        assertThat(itsClock).isSameAs(omniq.clock());
        synchronized (SEEN) {
            assertThat(SEEN.add(omniq)).isTrue();
        }
    }

    @AfterEach
    void seeItAfter(TestOmniQ omniq) {
        assertThat(given).containsExactly(omniq);
        assertThat(omniq.toString()).contains("mode=MANUAL");
    }

    @Test
    void closesWhatItGave() {
        run(Closed.class);

        assertThat(Closed.LAST).hasSize(1);
        assertThat(Closed.LAST.get(0).omniq())
                .satisfies(omniq -> org.assertj.core.api.Assertions.assertThatThrownBy(() -> omniq.enqueue("a.task"))
                        .hasMessage("this OmniQ is closed"));
    }

    @Test
    void failsATestWhoseDutiesFailed() {
        run(WithABrokenDuty.class)
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(
                                test("drains"),
                                finishedWithFailure(
                                        instanceOf(AssertionError.class),
                                        message("a background duty failed: failures=1"))));
    }

    @Test
    void saysThatThereIsNoneOutsideOfTests() {
        Events events = EngineTestKit.engine("junit-jupiter")
                .configurationParameter(SWITCH, "on")
                .selectors(selectClass(BeforeAllTests.class))
                .execute()
                .containerEvents();

        events.assertThatEvents()
                .haveExactly(
                        1,
                        event(finishedWithFailure(
                                instanceOf(ParameterResolutionException.class),
                                message(text -> text.startsWith("each test has an OmniQ of its own")))));
    }

    private static Events run(Class<?> tests) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .execute()
                .testEvents();
    }

    @ExtendWith(OmniQExtension.class)
    static class Closed {
        static final List<TestOmniQ> LAST = new ArrayList<>();

        @Test
        void remembers(TestOmniQ omniq) {
            LAST.clear();
            LAST.add(omniq);
        }
    }

    static class WithABrokenDuty {
        @RegisterExtension
        final OmniQExtension extension = new OmniQExtension(TestOmniQ.builder()
                .register(new Reports())
                .store(clock -> new ForwardingStore(new MemoryObjectStore(clock)) {
                    @Override
                    public ObjectPage list(ListRequest request) {
                        if (request.prefix().startsWith("queues/reports")) {
                            throw new IllegalStateException("a bug");
                        }
                        return super.list(request);
                    }
                }));

        @Test
        void drains(TestOmniQ omniq) {
            assertThat(omniq.drain()).isEmpty();
        }
    }

    @ExtendWith(OmniQExtension.class)
    static class BeforeAllTests {
        @BeforeAll
        static void tooEarly(TestOmniQ omniq) {
            throw new AssertionError("not reached with " + omniq);
        }

        @Test
        void isNeverRun() {}
    }
}
