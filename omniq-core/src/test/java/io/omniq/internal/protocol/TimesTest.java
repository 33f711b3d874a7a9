/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
    private static final long FROM = Instant.parse("-0002-01-01T00:00:00Z").getEpochSecond();
    private static final long TO = Instant.parse("+10003-01-01T00:00:00Z").getEpochSecond();
    private static final int[] FRACTIONS = {0, 1, 1000, 1_000_000, 120_000_000, 123_456_000, 999_999_999};

    @Test
    void anyTimeReadsLikeThoseOfTheJdkAndComesBack() {
        Random random = new Random(7);
        for (int i = 0; i < 50_000; i++) {
            int nanos = i % 2 == 0 ? FRACTIONS[random.nextInt(FRACTIONS.length)] : random.nextInt(1_000_000_000);
            Instant time = Instant.ofEpochSecond(FROM + (long) (random.nextDouble() * (TO - FROM)), nanos);
            assertThat(Times.text(time)).isEqualTo(time.toString());
            assertThat(Times.parse(time.toString())).isEqualTo(time);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000-12-31T23:59:59.999999999Z",
                "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59.999999999Z",
                "+10000-01-01T00:00:00Z",
                "2024-02-29T12:00:00Z",
                "1969-12-31T23:59:59.999Z",
                "-1000000000-01-01T00:00:00Z",
                "+1000000000-12-31T23:59:59.999999999Z"
            })
    void theEdgesToo(String text) {
        Instant time = Instant.parse(text);

        assertThat(Times.text(time)).isEqualTo(text);
        assertThat(Times.parse(text)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-21T24:00:00Z",
                "2026-11-21T09:30:00.Z",
                "2026-11-21T09:30:00.1Z",
                "2026-11-21T09:30:00.12345Z",
                "2026-11-21T09:30:00+00:00",
                "2026-11-21T09:30:00+02:00",
                "2016-12-31T23:59:60Z",
                "2026-11-30T09:30:00Z"
            })
    void whatTheJdkReadsIsReadLikeThat(String text) {
        assertThat(Times.parse(text)).isEqualTo(Instant.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "soon",
                "2026-11-21",
                "2026-02-30T09:30:00Z",
                "2026-13-01T09:30:00Z",
                "2026-11-21T09:30:00.1234567890Z",
                "2026-11-2xT09:30:00Z",
                "2026-00-21T09:30:00Z",
                "2026/11/21T09:30:00Z",
                "2026-11-21T09:30:0\u0661Z"
            })
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> Times.parse(text)).isInstanceOf(DateTimeException.class);
    }
}
