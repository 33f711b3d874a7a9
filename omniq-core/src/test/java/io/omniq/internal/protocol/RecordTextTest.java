/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.omniq.InvalidTaskException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordTextTest {
    @Test
    void fieldsStandAsTheyWerePutAndNullsAreLeftOut() {
        RecordText text = RecordText.record()
                .put("name", "a")
                .put("none", (String) null)
                .put("at", Instant.parse("2026-11-21T09:30:00.120Z"))
                .put("never", (Instant) null)
                .put("delay", Duration.ofSeconds(90))
                .put("count", -12)
                .put("big", Long.MAX_VALUE)
                .putDecimal("share", 0.25)
                .set("nothing", (JsonNode) null)
                .setUnlessEmpty("facts", Map.of())
                .setUnlessEmpty("ids", List.of("x", "y"));

        assertThat(new String(text.stamped("n1"), UTF_8))
                .isEqualTo(
                        "{\"format\":1,\"name\":\"a\",\"at\":\"2026-11-21T09:30:00.120Z\",\"delay\":\"PT1M30S\","
                                + "\"count\":-12,\"big\":9223372036854775807,\"share\":0.25,\"ids\":[\"x\",\"y\"],\"put\":\"n1\"}");
    }

    @Test
    void objectsAndArraysNest() {
        RecordText text = new RecordText(0).beginArray();
        text.begin().put("a", 1).begin("inner").put("b", 2).end().end();
        text.begin().beginArray("empty").endArray().put("c", 3).end();

        assertThat(new String(text.endArray().bytes(), UTF_8))
                .isEqualTo("[{\"a\":1,\"inner\":{\"b\":2}},{\"empty\":[],\"c\":3}]");
    }

    @Test
    void anyTextIsWrittenAsByJackson() {
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder value = new StringBuilder();
            for (int length = random.nextInt(40); length > 0; length--) {
                int range = List.of(0x80, 0x80, 0x800, 0x11_0000).get(random.nextInt(4));
                int point = random.nextInt(range);
                value.appendCodePoint(point >= 0xD800 && point < 0xE000 ? '"' : point);
            }
            String text = value.toString();
            byte[] written = new RecordText(0).begin().put("v", text).end().bytes();
            assertThat(written)
                    .isEqualTo(Json.bytes(Json.mapper().createObjectNode().put("v", text)));
        }
    }

    @Test
    void valuesOfUsersAreWrittenAsByJacksonWithWhateverNames() {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        values.put("plain", Json.tree(List.of(1, "b", true)));
        values.put("with \"quotes\" and \u00fc", TextNode.valueOf("\n"));
        values.put("decimal", Json.tree(new BigDecimal("1.10")));
        values.put("nothing", Json.tree(java.util.Optional.empty().isPresent()));

        byte[] written = new RecordText(0).begin().setAll(values).end().bytes();

        assertThat(written)
                .isEqualTo(Json.bytes(Json.mapper().createObjectNode().setAll(values)));
    }

    @Test
    void aValueThatIsNestedTooDeepForARecordIsRefused() {
        JsonNode value = Json.mapper().createArrayNode();
        for (int i = 0; i < 996; i++) {
            value = Json.mapper().createArrayNode().add(value);
        }
        JsonNode deep = value;

        assertThatThrownBy(() -> RecordText.record().set("v", deep))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("nested too deeply");
        assertThat(RecordText.record().set("v", deep.get(0)).end().bytes()).hasSizeGreaterThan(2 * 996);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0.0",
        "PT0.000000001S, 0.000000001",
        "PT1.5S, 1.5",
        "PT20H, 72000.0",
        "PT0.123456789S, 0.123456789",
        "PT-0.25S, -0.25"
    })
    void whatTookTimeIsWrittenInSeconds(Duration time, String expected) {
        assertThat(new String(
                        new RecordText(0).begin().putSeconds("t", time).end().bytes(), UTF_8))
                .isEqualTo("{\"t\":" + expected + "}");
    }
}
