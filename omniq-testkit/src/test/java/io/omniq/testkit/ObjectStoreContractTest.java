/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** The contract bites: every broken store fails it, in the place meant for its fault. */
class ObjectStoreContractTest {
    @ParameterizedTest
    @EnumSource
    void noticesABrokenStore(BrokenStore broken) {
        Events events = contract()
                .configurationParameter(BrokenStoreCase.WHICH, broken.name())
                .filters(only(broken.noticedBy()))
                .execute()
                .testEvents();

        assertThat(names(events.failed()))
                .as("tests that fail on %s", broken)
                .containsExactlyInAnyOrderElementsOf(broken.noticedBy());
    }

    @Test
    void acceptsAHealthyStore() {
        Events events = contract().execute().testEvents();

        assertThat(names(events.failed())).isEmpty();
        assertThat(events.succeeded().count()).isGreaterThan(90);
    }

    private static EngineTestKit.Builder contract() {
        return EngineTestKit.engine("junit-jupiter").selectors(selectClass(BrokenStoreCase.class));
    }

    private static PostDiscoveryFilter only(List<String> methods) {
        return descriptor -> FilterResult.includedIf(descriptor
                .getSource()
                .filter(MethodSource.class::isInstance)
                .map(source -> methods.contains(((MethodSource) source).getMethodName()))
                .orElse(false));
    }

    private static List<String> names(Events events) {
        return events.stream()
                .map(Event::getTestDescriptor)
                .map(descriptor -> (MethodSource) descriptor.getSource().orElseThrow())
                .map(MethodSource::getMethodName)
                .toList();
    }
}
