/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidNameException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "A-z_0", "-", "01kdvefr0000000000000000za"})
    void takesTaskIds(String id) {
        assertThat(Names.requireTaskId(id)).isSameAs(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.b", "a/b", "a b", "a\n", "\u00e4", "a\u0000", "a%2Fb", "a:b"})
    void refusesOtherTaskIds(String id) {
        assertThatThrownBy(() -> Names.requireTaskId(id)).isInstanceOf(InvalidNameException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "mail.eu-1", "_x", "-x", "a..b"})
    void takesQueuesSchedulesAndWorkers(String name) {
        assertThat(Names.requireQueue(name)).isSameAs(name);
        assertThat(Names.requireScheduleId(name)).isSameAs(name);
        assertThat(Names.requireWorkerId(name)).isSameAs(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", ".hidden", "a/b", "a\\b", "a b", "a\n"})
    void refusesOtherQueuesSchedulesAndWorkers(String name) {
        assertThatThrownBy(() -> Names.requireQueue(name)).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> Names.requireScheduleId(name)).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> Names.requireWorkerId(name)).isInstanceOf(InvalidNameException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reports.render", "a", "com.example.Outer$Inner:run", "a-b"})
    void takesTaskNames(String name) {
        assertThat(Names.requireTaskName(name)).isSameAs(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".a", "-a", "$a", "a b", "f()", "a/b", "a;b"})
    void refusesOtherTaskNames(String name) {
        assertThatThrownBy(() -> Names.requireTaskName(name)).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void hasLimits() {
        assertThat(Names.requireTaskId("i".repeat(128))).hasSize(128);
        assertThat(Names.requireTaskName("f".repeat(256))).hasSize(256);
        assertThatThrownBy(() -> Names.requireTaskId("i".repeat(129))).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> Names.requireQueue("q".repeat(129))).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> Names.requireTaskName("f".repeat(257))).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void namesTheValueWithoutItsControlCharacters() {
        assertThatThrownBy(() -> Names.requireQueue("a\u001b[31m\n"))
                .hasMessage("invalid queue name: value=\"a?[31m?\" allowed=1 to 128 of letters, digits, '_', '-', '.',"
                        + " not starting with '.'");
    }
}
