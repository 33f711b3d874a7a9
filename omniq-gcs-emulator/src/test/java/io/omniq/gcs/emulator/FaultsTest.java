/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.gcs.emulator.Wire.Got;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class FaultsTest {
    private final GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
    private final Wire wire = new Wire(emulator);
    private final GcsFaults faults = emulator.faults();

    @AfterEach
    void close() {
        emulator.close();
    }

    @ParameterizedTest
    @CsvSource({
        "408, requestTimeout",
        "429, rateLimitExceeded",
        "500, internalError",
        "502, backendError",
        "503, backendError",
        "504, backendError",
        "403, forbidden",
        "412, conditionNotMet"
    })
    void anErrorBeforeLeavesNothing(int status, String reason) throws IOException {
        faults.failNext(GcsMethod.OBJECTS_INSERT, GcsFault.errorBefore(status));

        Got refused = wire.insert("a", "1");

        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(wire.show("a").status()).isEqualTo(404);
        assertThat(wire.insert("a", "1").status()).isEqualTo(200);
    }

    @Test
    void anErrorAfterHidesASuccess() throws IOException {
        faults.failNext(GcsMethod.OBJECTS_INSERT, GcsFault.errorAfter(503));

        assertThat(wire.insert("a", "1").status()).isEqualTo(503);
        assertThat(wire.download("a").text()).isEqualTo("1");
        assertThat(emulator.operations().classA()).isEqualTo(1);
    }

    @Test
    void aLostRequestLeavesNothing() throws IOException {
        faults.failNext(GcsMethod.OBJECTS_INSERT, GcsFault.lostRequest());

        assertThatThrownBy(() -> wire.insert("a", "1")).isInstanceOf(IOException.class);
        assertThat(wire.show("a").status()).isEqualTo(404);
        assertThat(emulator.operations().classA()).isZero();
    }

    @Test
    void aLostAnswerHidesASuccess() throws IOException {
        faults.failNext(GcsMethod.OBJECTS_INSERT, GcsFault.lostAnswer());

        assertThatThrownBy(() -> wire.insert("a", "1", "ifGenerationMatch=0")).isInstanceOf(IOException.class);
        assertThat(wire.download("a").text()).isEqualTo("1");
        assertThat(wire.insert("a", "1", "ifGenerationMatch=0").status()).isEqualTo(412);
    }

    @Test
    void aCutAnswerBreaksOff() throws IOException {
        wire.insert("a", "0123456789");
        faults.failNext(GcsMethod.OBJECTS_DOWNLOAD, GcsFault.cut(4));
        faults.failNext(GcsMethod.OBJECTS_DELETE, GcsFault.cut(0));

        assertThatThrownBy(() -> wire.download("a")).isInstanceOf(IOException.class);
        assertThat(wire.download("a").text()).isEqualTo("0123456789");
        assertThatThrownBy(() -> wire.delete("a")).isInstanceOf(IOException.class);
        assertThat(wire.show("a").status()).isEqualTo(404);
    }

    @Test
    void aTruncatedAnswerLooksComplete() throws IOException {
        wire.insert("a", "0123456789");
        faults.failNext(GcsMethod.OBJECTS_DOWNLOAD, GcsFault.truncate(4));

        Got short4 = wire.download("a");

        assertThat(short4.status()).isEqualTo(200);
        assertThat(short4.text()).isEqualTo("0123");
        assertThat(short4.header("x-goog-stored-content-length")).isEqualTo("10");
    }

    @Test
    void aHeldCallIsCarriedOutWhenTheTestSaysSo() throws IOException {
        CountDownLatch until = new CountDownLatch(1);
        faults.failNext(GcsMethod.OBJECTS_INSERT, "late", GcsFault.hold(until));
        CompletableFuture<Integer> late = async(() -> wire.insert("late", "1").status());

        wire.insert("early", "1");
        assertThat(wire.show("late").status()).isEqualTo(404);
        until.countDown();

        assertThat(late.join()).isEqualTo(200);
        assertThat(wire.list().names()).containsExactly("early", "late");
    }

    @Test
    void aHeldAnswerIsOfWhatWasDoneAlready() throws Exception {
        CountDownLatch until = new CountDownLatch(1);
        faults.failNext(GcsMethod.OBJECTS_INSERT, GcsFault.holdAnswer(until));
        CompletableFuture<Integer> made = async(() -> wire.insert("a", "1").status());

        while (wire.show("a").status() != 200) {
            assertThat(made).isNotDone();
        }
        assertThat(made).isNotDone();
        until.countDown();

        assertThat(made.get(50, TimeUnit.SECONDS)).isEqualTo(200);
    }

    @Test
    void closingEndsDelaysAndHolds() throws Exception {
        faults.failNext(GcsMethod.OBJECTS_GET, GcsFault.delay(Duration.ofDays(1)));
        faults.failNext(GcsMethod.OBJECTS_LIST, GcsFault.hold(new CountDownLatch(1)));
        CompletableFuture<Integer> delayed = async(() -> wire.show("a").status());
        CompletableFuture<Integer> held = async(() -> wire.list().status());
        while (faults.scripted() > 0) {
            Thread.onSpinWait();
        }

        emulator.close();

        assertThatThrownBy(() -> delayed.get(50, TimeUnit.SECONDS)).hasRootCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> held.get(50, TimeUnit.SECONDS)).hasRootCauseInstanceOf(IOException.class);
    }

    @Test
    void delayedCallsAndAnswersArriveInTheEnd() throws IOException {
        faults.failNext(GcsMethod.OBJECTS_INSERT, GcsFault.delay(Duration.ofMillis(1)));
        faults.failNext(GcsMethod.OBJECTS_GET, GcsFault.delayAnswer(Duration.ofMillis(1)));

        assertThat(wire.insert("a", "1").status()).isEqualTo(200);
        assertThat(wire.show("a").status()).isEqualTo(200);
        assertThat(faults.injected()).hasSize(2);
    }

    @Test
    void burstsHitTheCallsTheyAreMeantFor() throws IOException {
        faults.fail(2, call -> call.object().startsWith("leases/"), GcsFault.errorBefore(429));

        assertThat(wire.insert("tasks/1", "1").status()).isEqualTo(200);
        assertThat(wire.insert("leases/1", "1").status()).isEqualTo(429);
        assertThat(wire.list("prefix=leases/").status()).isEqualTo(429);
        assertThat(wire.insert("leases/1", "1").status()).isEqualTo(200);
        assertThat(faults.injected()).containsEntry(GcsFault.errorBefore(429), 2L);
        assertThat(faults.scripted()).isZero();
    }

    @Test
    void callsAreSeenWithNameAndParameters() throws IOException {
        List<GcsCall> seen = new ArrayList<>();
        faults.fail(1, call -> !seen.add(call), GcsFault.lostAnswer());

        wire.multipart("{\"name\":\"a/b\"}", "x", "ifGenerationMatch=0");
        wire.list("prefix=a", "maxResults=2");
        wire.send("POST", Wire.object("a/b") + "/copyTo/b/b/o/c");

        assertThat(seen)
                .extracting(GcsCall::method)
                .containsExactly(GcsMethod.OBJECTS_INSERT, GcsMethod.OBJECTS_LIST, GcsMethod.OBJECTS_COPY);
        assertThat(seen).extracting(GcsCall::object).containsExactly("a/b", "a", "c");
        assertThat(seen).extracting(GcsCall::bucket).containsOnly("b");
        assertThat(seen.get(0).parameters()).containsEntry("ifGenerationMatch", "0");
    }

    @Test
    void pageTokensGrowStaleAndPagesShort() throws IOException {
        for (String name : List.of("a", "b", "c")) {
            wire.insert(name, "");
        }
        faults.failNext(GcsMethod.OBJECTS_LIST, GcsFault.stalePageToken());
        faults.failNext(GcsMethod.OBJECTS_LIST, GcsFault.shortPage());

        Got first = wire.list();
        String token = first.json().path("nextPageToken").asText();
        Got stale = wire.list("pageToken=" + token);
        Got second = wire.list("pageToken=" + token);

        assertThat(first.names()).containsExactly("a");
        assertThat(stale.status()).isEqualTo(400);
        assertThat(stale.json().at("/error/message").asText()).contains("page token");
        assertThat(second.names()).containsExactly("b", "c");
    }

    @Test
    void pagesComeEmptyAtTheBeginningAndBetween() throws IOException {
        for (String name : List.of("a", "b", "c")) {
            wire.insert(name, "");
        }
        faults.failNext(GcsMethod.OBJECTS_LIST, GcsFault.emptyPage());

        Got empty = wire.list("startOffset=b");
        Got one = wire.list("maxResults=1", "startOffset=b", "pageToken=" + token(empty));
        faults.failNext(GcsMethod.OBJECTS_LIST, GcsFault.emptyPage());
        Got between = wire.list("startOffset=b", "pageToken=" + token(one));
        Got last = wire.list("startOffset=b", "pageToken=" + token(between));

        assertThat(empty.names()).isEmpty();
        assertThat(one.names()).containsExactly("b");
        assertThat(between.names()).isEmpty();
        assertThat(last.names()).containsExactly("c");
    }

    private static String token(Got page) {
        return page.json().path("nextPageToken").asText();
    }

    @Test
    void sameSeedAndCallsHaveTheSameFaults() throws IOException {
        List<Integer> story = story(42);

        assertThat(story(42)).isEqualTo(story);
        assertThat(story(43)).isNotEqualTo(story);
        assertThat(story).contains(200, 503, 429, 0);
    }

    private static List<Integer> story(long seed) throws IOException {
        Map<GcsFault, Double> rates =
                Map.of(GcsFault.errorBefore(503), 0.2, GcsFault.errorAfter(429), 0.2, GcsFault.lostAnswer(), 0.2);
        List<Integer> story = new ArrayList<>();
        try (GcsEmulator rolled =
                GcsEmulator.builder().bucket("b").faults(seed, rates).start()) {
            Wire other = new Wire(rolled);
            for (int i = 0; i < 40; i++) {
                try {
                    // Inserts: the JDK's client repeats a GET whose answer was lost by itself.
                    story.add(other.insert("a" + i, "").status());
                } catch (IOException e) {
                    story.add(0);
                }
            }
            rolled.faults().calm();
            assertThat(other.insert("a", "").status()).isEqualTo(200);
        }
        return story;
    }

    @Test
    void badFaultsAreRefused() {
        assertThatThrownBy(() -> GcsFault.errorBefore(200)).hasMessageContaining("status=200");
        assertThatThrownBy(() -> GcsFault.cut(-1)).hasMessageContaining("bytes=-1");
        assertThatThrownBy(() -> GcsFault.delay(Duration.ofSeconds(-1))).hasMessageContaining("delay=PT-1S");
        assertThatThrownBy(() -> faults.fail(0, call -> true, GcsFault.lostAnswer()))
                .hasMessageContaining("times=0");
        assertThatThrownBy(() -> faults.roll(1, Map.of(GcsFault.lostAnswer(), 1.5)))
                .hasMessageContaining("rate=1.5");
        assertThatThrownBy(() -> faults.roll(1, Map.of(GcsFault.lostAnswer(), 0.6, GcsFault.lostRequest(), 0.6)))
                .hasMessageContaining("sum=1.2");
    }

    private interface Call {
        int status() throws IOException;
    }

    private static CompletableFuture<Integer> async(Call call) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return call.status();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                task -> new Thread(task).start());
    }
}
