/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.store.ListedObject;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EntryTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String KEY = "queues/q/100-a.json";

    private static Entry read(String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        return Entry.read(new StoredObject(new ListedObject(KEY, new Version("1"), NOW, Map.of()), body));
    }

    private static Entry ready() {
        return read("{\"format\":1,\"task_id\":\"a\",\"func\":\"f\",\"queue_name\":\"q\",\"priority\":3,"
                + "\"state\":\"ready\",\"attempt\":2,\"failures\":1,\"crashes\":1,\"x_future\":[1,2],"
                + "\"expires_at\":\"2026-01-02T00:00:00Z\",\"put\":\"0123456789abcdef\"}");
    }

    private static ObjectNode note(String text) {
        return Json.mapper().createObjectNode().put("error", text);
    }

    @Test
    void whatWasReadIsWrittenAgainWithoutItsNonce() {
        assertThat(new String(ready().write().end().bytes(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("{\"format\":1,\"task_id\":\"a\",\"func\":\"f\",\"queue_name\":\"q\",\"priority\":3,"
                        + "\"state\":\"ready\",\"expires_at\":\"2026-01-02T00:00:00Z\",\"attempt\":2,\"failures\":1,"
                        + "\"crashes\":1,\"x_future\":[1,2]}");
    }

    @Test
    void aClaimKeepsEveryOtherField() {
        Entry claimed = ready().cancelRequested("why").claimed("w1", NOW, false);

        assertThat(claimed)
                .returns(Entry.State.RUNNING, Entry::state)
                .returns(3, Entry::attempt)
                .returns(1, Entry::failures)
                .returns(1, Entry::crashes)
                .returns("w1", Entry::workerId)
                .returns(NOW, Entry::claimedAt)
                .returns("why", Entry::cancelReason);
        assertThat(claimed.unknown()).containsKey("x_future");
    }

    @Test
    void onlyAClaimOfADeadWorkersEntryCountsACrash() {
        assertThat(ready().claimed("w1", NOW, true).crashes()).isEqualTo(2);
        assertThat(ready().claimed("w1", NOW, false).crashes()).isEqualTo(1);
    }

    @Test
    void aFailureCountsAndForgetsTheClaimAndItsCrashes() {
        Entry failed = ready().claimed("w1", NOW, true).failed(NOW.plusSeconds(5), note("no"));

        assertThat(failed)
                .returns(Entry.State.READY, Entry::state)
                .returns(3, Entry::attempt)
                .returns(2, Entry::failures)
                .returns(0, Entry::crashes)
                .returns(null, Entry::workerId)
                .returns(null, Entry::claimedAt)
                .returns(NOW.plusSeconds(5), Entry::notBefore);
    }

    @Test
    void aReleaseCountsNothing() {
        Entry released = ready().claimed("w1", NOW, true).released(null);

        assertThat(released)
                .returns(Entry.State.READY, Entry::state)
                .returns(3, Entry::attempt)
                .returns(1, Entry::failures)
                .returns(0, Entry::crashes)
                .returns(null, Entry::notBefore);
    }

    @Test
    void isDueFromItsTimeOn() {
        Entry entry = ready().released(NOW);

        assertThat(entry.isDue(NOW.minusMillis(1))).isFalse();
        assertThat(entry.isDue(NOW)).isTrue();
        assertThat(ready().isDue(Instant.MIN)).isTrue();
    }

    @Test
    void expiresOnlyBeforeItsFirstClaim() {
        Instant expiry = Instant.parse("2026-01-02T00:00:00Z");
        Entry fresh = read("{\"format\":1,\"task_id\":\"a\",\"func\":\"f\",\"queue_name\":\"q\",\"state\":\"ready\","
                + "\"attempt\":0,\"expires_at\":\"2026-01-02T00:00:00Z\"}");

        assertThat(fresh.isExpired(expiry.minusMillis(1))).isFalse();
        assertThat(fresh.isExpired(expiry)).isTrue();
        assertThat(ready().isExpired(expiry)).isFalse();
    }

    @Test
    void aClaimIsKnownByWorkerAndAttempt() {
        Entry claimed = ready().claimed("w1", NOW, false);

        assertThat(claimed.isRunningBy("w1", 3)).isTrue();
        assertThat(claimed.isRunningBy("w1", 2)).isFalse();
        assertThat(claimed.isRunningBy("w2", 3)).isFalse();
        assertThat(claimed.released(null).isRunningBy("w1", 3)).isFalse();
    }

    @Test
    void attributesTellAllOfAPlainEntry() {
        Entry plain = read("{\"format\":1,\"task_id\":\"a\",\"func\":\"f\",\"queue_name\":\"q\",\"priority\":3,"
                        + "\"state\":\"ready\",\"attempt\":2,\"not_before\":\"2026-01-02T00:00:00Z\"}")
                .claimed("w1", NOW, true);

        assertThat(Entry.isWhole(plain.attributes())).isTrue();
        assertThat(Entry.readAttributes("queues/q/097-a.json", plain.attributes()))
                .isEqualTo(plain);
        assertThat(Entry.readAttributes("queues/q/at-1767312000000-097-a.json", plain.attributes()))
                .as("the key of one enqueued with a later start")
                .isEqualTo(plain);
    }

    @Test
    void attributesLeaveOutWhatTheKeySays() {
        Entry plain = read("{\"format\":1,\"task_id\":\"a\",\"func\":\"f\",\"queue_name\":\"q\",\"state\":\"ready\","
                + "\"attempt\":0}");

        assertThat(plain.attributes()).isEqualTo(Map.of("func", "f", "state", "ready"));
    }

    @Test
    void attributesOfAStrayKeyAreNone() {
        Map<String, String> attributes = Map.of("func", "f", "state", "ready");

        assertThat(Entry.readAttributes("queues/q/100-a.json", attributes)).isNotNull();
        for (String key :
                List.of("queues/q/x.json", "queues/q/100.json", "queues/q/at-17-100-a.json", "queues/", "q")) {
            assertThat(Entry.readAttributes(key, attributes)).as(key).isNull();
        }
    }

    @Test
    void attributesSayWhenTheyDoNotTellAll() {
        Entry plain = read("{\"format\":1,\"task_id\":\"a\",\"func\":\"f\",\"queue_name\":\"q\",\"state\":\"ready\","
                + "\"attempt\":0}");

        assertThat(Entry.isWhole(plain.attributes())).isTrue();
        assertThat(Entry.isWhole(ready().attributes())).as("an unknown field").isFalse();
        assertThat(Entry.isWhole(plain.cancelRequested("x").attributes()))
                .as("a cancellation")
                .isFalse();
        assertThat(Entry.isWhole(plain.failed(NOW, note("no")).attributes()))
                .as("errors")
                .isFalse();
        assertThat(Entry.isWhole(Map.of())).isFalse();
    }

    @Test
    void attributesThatCannotBeReadAreNone() {
        assertThat(Entry.readAttributes(KEY, Map.of())).isNull();
        assertThat(Entry.readAttributes(KEY, Map.of("state", "blocked"))).isNull();
        assertThat(Entry.readAttributes(KEY, Map.of("state", "ready", "attempt", "{")))
                .isNull();
    }

    @Test
    void textsTooLongForAttributesStayInTheBody() {
        Entry plain = ready().claimed("w".repeat(600), NOW, false);

        assertThat(plain.attributes()).isEmpty();
    }
}
