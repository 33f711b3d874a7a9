/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.gcs.emulator.Wire.Got;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The server's clock, and what depends on it: limit of mutations, soft delete, retention, remembered tokens. */
class TimeTest {
    private final TestTime time = new TestTime("2026-03-04T05:06:07.890Z");
    private final GcsEmulator emulator = GcsEmulator.builder()
            .bucket(GcsBucketSettings.named("b").softDelete(Duration.ofDays(7)))
            .clock(time)
            .limitMutations()
            .replayTokens(Duration.ofMinutes(2))
            .start();
    private final Wire wire = new Wire(emulator);

    @AfterEach
    void close() {
        emulator.close();
    }

    @Test
    void timesAndDateAreThoseOfTheServer() throws IOException {
        Got made = wire.insert("a", "1");
        time.pass(Duration.ofSeconds(2));
        Got patched = wire.patch("a", "{\"metadata\":{\"k\":\"v\"}}");

        assertThat(made.json().path("timeCreated").asText()).isEqualTo("2026-03-04T05:06:07.890Z");
        assertThat(patched.json().path("timeCreated").asText()).isEqualTo("2026-03-04T05:06:07.890Z");
        assertThat(patched.json().path("updated").asText()).isEqualTo("2026-03-04T05:06:09.890Z");
        assertThat(made.header("Date")).isEqualTo("Wed, 04 Mar 2026 05:06:07 GMT");
        assertThat(patched.header("Date")).isEqualTo("Wed, 04 Mar 2026 05:06:09 GMT");
    }

    @Test
    void dateIsThatOfTheServerOnEveryKindOfAnswer() throws IOException {
        String date = "Wed, 04 Mar 2026 05:06:07 GMT";
        long generation = wire.insert("a", "1").generation();

        assertThat(wire.show("missing").header("Date")).isEqualTo(date);
        assertThat(wire.download("a").header("Date")).isEqualTo(date);
        assertThat(wire.show("a", "ifGenerationNotMatch=" + generation).header("Date"))
                .isEqualTo(date);
        assertThat(wire.list().header("Date")).isEqualTo(date);
        assertThat(wire.delete("missing").header("Date")).isEqualTo(date);
    }

    @Test
    void theServerMayBeAheadOrBehind() throws IOException {
        emulator.clockOffset(Duration.ofHours(1));
        Got ahead = wire.insert("a", "1");
        emulator.clockOffset(Duration.ofHours(-1));
        Got behind = wire.insert("b", "1");

        assertThat(ahead.header("Date")).isEqualTo("Wed, 04 Mar 2026 06:06:07 GMT");
        assertThat(behind.header("Date")).isEqualTo("Wed, 04 Mar 2026 04:06:07 GMT");
        assertThat(behind.generation()).isGreaterThan(ahead.generation());
    }

    @Test
    void oneNameBearsOneMutationASecond() throws IOException {
        assertThat(wire.insert("a", "1").status()).isEqualTo(200);
        time.pass(Duration.ofMillis(999));

        Got tooFast = wire.delete("a");

        assertThat(tooFast.status()).isEqualTo(429);
        assertThat(tooFast.reason()).isEqualTo("rateLimitExceeded");
        assertThat(tooFast.json().at("/error/errors/0/domain").asText()).isEqualTo("usageLimits");
        assertThat(tooFast.json().at("/error/message").asText())
                .startsWith("The object b/a exceeded the rate limit for object mutation operations");
        assertThat(wire.patch("a", "{}").status()).isEqualTo(429);
        assertThat(wire.insert("other", "1").status()).isEqualTo(200);
        assertThat(wire.show("a").status()).isEqualTo(200);

        time.pass(Duration.ofMillis(1));

        assertThat(wire.delete("a").status()).isEqualTo(204);
        assertThat(wire.insert("a", "2").status()).isEqualTo(429);
    }

    @Test
    void whatWasRefusedIsNoMutation() throws IOException {
        wire.insert("a", "1");
        time.pass(Duration.ofSeconds(1));

        assertThat(wire.insert("a", "2", "ifGenerationMatch=0").status()).isEqualTo(412);
        assertThat(wire.insert("a", "2").status()).isEqualTo(200);
        assertThat(wire.insert("a", "3", "ifGenerationMatch=0").status()).isEqualTo(412);
    }

    @Test
    void softDeletedObjectsAreKeptListedAndRestored() throws IOException {
        long first = wire.insert("a", "12345").generation();
        time.pass(Duration.ofSeconds(2));
        wire.insert("a", "67");
        time.pass(Duration.ofSeconds(2));
        wire.delete("a");

        assertThat(emulator.liveBytes("b")).isZero();
        assertThat(emulator.keptBytes("b")).isEqualTo(7);
        Got kept = wire.list("softDeleted=true");
        assertThat(kept.names()).containsExactly("a", "a");
        assertThat(kept.json().at("/items/0/hardDeleteTime").asText()).startsWith("2026-03-11T05:06:09");
        assertThat(wire.show("a", "softDeleted=true", "generation=" + first).status())
                .isEqualTo(200);

        time.pass(Duration.ofSeconds(2));
        Got restored = wire.send("POST", Wire.object("a") + "/restore?generation=" + first, "{}");

        assertThat(restored.generation()).isGreaterThan(first);
        assertThat(wire.download("a").text()).isEqualTo("12345");
        assertThat(emulator.keptBytes("b")).isEqualTo(2);
    }

    @Test
    void softDeletedObjectsAreGoneInTheEnd() throws IOException {
        wire.insert("a", "12345");
        time.pass(Duration.ofSeconds(2));
        wire.delete("a");

        time.pass(Duration.ofDays(7));

        assertThat(emulator.keptBytes("b")).isZero();
        assertThat(wire.list("softDeleted=true").names()).isEmpty();
    }

    @Test
    void theSameTokenHasTheSameAnswerForAWhile() throws IOException {
        String path = "/upload/storage/v1/b/b/o?uploadType=media&name=a&ifGenerationMatch=0";
        Got made = token("POST", path, "t-1");
        time.pass(Duration.ofSeconds(30));
        Got again = token("POST", path, "t-1");
        Got other = token("POST", path, "t-2");
        Got deleted = token("DELETE", Wire.object("a"), "t-3");
        Got deletedAgain = token("DELETE", Wire.object("a"), "t-3");
        Got deletedByOther = token("DELETE", Wire.object("a"), "t-4");
        time.pass(Duration.ofMinutes(2));
        Got late = token("DELETE", Wire.object("a"), "t-3");

        assertThat(made.status()).isEqualTo(200);
        assertThat(again.text()).isEqualTo(made.text());
        assertThat(other.status()).isEqualTo(412);
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deletedAgain.status()).isEqualTo(204);
        assertThat(deletedByOther.status()).isEqualTo(404);
        assertThat(late.status()).isEqualTo(404);
    }

    @Test
    void failuresAreNotRemembered() throws IOException {
        Got missing = token("DELETE", Wire.object("a"), "t");
        wire.insert("a", "1");
        time.pass(Duration.ofSeconds(2));
        Got deleted = token("DELETE", Wire.object("a"), "t");

        assertThat(missing.status()).isEqualTo(404);
        assertThat(deleted.status()).isEqualTo(204);
    }

    private Got token(String verb, String path, String token) throws IOException {
        return wire.send(verb, path, new byte[0], "x-goog-gcs-idempotency-token", token);
    }
}
