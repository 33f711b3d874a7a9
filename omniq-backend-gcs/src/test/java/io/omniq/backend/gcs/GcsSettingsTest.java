/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidNameException;
import io.omniq.gcs.emulator.GcsEmulator;
import io.omniq.gcs.emulator.GcsMethod;
import io.omniq.store.ListRequest;
import io.omniq.store.ObjectStore;
import io.omniq.store.Write;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Settings: their bounds, the original's keys, and what they do. */
class GcsSettingsTest {
    private final GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();

    @AfterEach
    void close() {
        emulator.close();
    }

    private GcsBackendBuilder builder() {
        return GcsBackend.builder("b").endpoint(emulator.endpoint());
    }

    @Test
    void everyFaultOfAConfigurationIsSaidAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GcsBackend.fromConfig(Map.of(
                        "bucket_name",
                        "b",
                        "prefx",
                        "x",
                        "access",
                        "all",
                        "consistency",
                        7,
                        "cache_timeout",
                        301,
                        "block_size",
                        1)))
                .withMessageContaining("prefx")
                .withMessageContaining("access=all")
                .withMessageContaining("consistency=7 must be a text")
                .withMessageContaining("cacheTimeout")
                .withMessageContaining("blockSize");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GcsBackend.fromConfig(Map.of("bucket", "b", "access", "all")))
                .withMessageContaining("bucket_name")
                .withMessageContaining("unknown key bucket")
                .withMessageContaining("access=all");
    }

    @Test
    void aConfigurationThatFitsMakesABackendThatConnectsLater() {
        GcsBackend backend = GcsBackend.fromConfig(Map.of(
                "bucket_name", "b",
                "prefix", "p",
                "project", "some",
                "token", "no-such-file.json",
                "access", "read_only",
                "consistency", "md5",
                "cache_timeout", 5,
                "block_size", 65536));

        assertThat(backend.metrics().byVerb()).isEmpty();
        backend.close();
    }

    @Test
    void boundsAreHeld() {
        assertThatIllegalArgumentException().isThrownBy(() -> GcsBackend.builder("gs://b"));
        assertThatIllegalArgumentException().isThrownBy(() -> GcsBackend.builder(" "));
        assertThatThrownBy(() -> builder().prefix("a//b")).isInstanceOf(InvalidNameException.class);
        assertThatIllegalArgumentException().isThrownBy(() -> builder().prefix("x".repeat(257)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder().blockSize(1023));
        assertThatIllegalArgumentException().isThrownBy(() -> builder().blockSize((64 << 20) + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> builder().connections(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder().connections(1001));
        assertThatIllegalArgumentException().isThrownBy(() -> builder().cacheTimeout(Duration.ofNanos(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().timeouts(Duration.ofMillis(99), Duration.ofSeconds(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().timeouts(Duration.ofSeconds(1), Duration.ofSeconds(61)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder().endpoint("localhost:1"));
    }

    @ParameterizedTest
    @EnumSource(GcsConsistency.class)
    void largeBodiesComeBackWithSmallBlocks(GcsConsistency consistency) {
        byte[] body = new byte[300_000];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (i * 31);
        }
        ObjectStore store =
                builder().consistency(consistency).blockSize(1024).build().store();

        assertThat(store.write(List.of(Write.create("k", body))).get(0).isApplied())
                .isTrue();

        var before = emulator.operations();
        assertThat(store.get("k").orElseThrow().body()).isEqualTo(body);
        assertThat(emulator.operations().since(before).classB())
                .as("one request")
                .isOne();
    }

    @Test
    void aCachedListingOfAQueueIsFreeUntilAWriteOfOnesOwn() {
        ObjectStore store =
                builder().cacheTimeout(Duration.ofMinutes(5)).build().store();
        ListRequest queue = ListRequest.of("queues/default/");
        store.list(queue);
        var before = emulator.operations();

        store.list(queue.before("queues/default/5"));
        assertThat(emulator.operations().since(before).calls()).isEmpty();

        store.write(List.of(Write.create("queues/default/1.json", new byte[1])));
        assertThat(store.list(queue).objects()).hasSize(1);
        store.list(ListRequest.of("tasks/"));
        store.list(ListRequest.of("tasks/"));
        assertThat(emulator.operations().since(before).calls(GcsMethod.OBJECTS_LIST))
                .isEqualTo(3);
    }

    @Test
    void metricsAgreeWithTheBill() {
        GcsBackend backend = builder().prefix("").build();
        ObjectStore store = backend.store();
        var created = store.write(IntStream.range(0, 10)
                .mapToObj(i -> Write.create("k" + i, new byte[1]))
                .toList());
        store.write(List.of(Write.create("k1", new byte[1])));
        store.list(ListRequest.of("k"));
        store.get("k1");
        store.get("none");
        store.write(IntStream.range(0, 10)
                .mapToObj(i -> Write.delete("k" + i, created.get(i).version().orElseThrow()))
                .toList());

        GcsMetrics metrics = backend.metrics();

        assertThat(metrics.classA())
                .isEqualTo(11)
                .isEqualTo(emulator.operations().classA());
        assertThat(metrics.classB())
                .isEqualTo(1)
                .isEqualTo(emulator.operations().classB());
        assertThat(metrics.free()).isEqualTo(12);
        assertThat(metrics.byVerb()).isEqualTo(Map.of("insert", 11L, "get", 2L, "list", 1L, "delete", 10L));
        assertThat(metrics.since(metrics).classA()).isZero();
    }

    @Test
    void objectsOfOthersBelowThePrefixAreNotSeen() {
        GcsBackend backend = builder().prefix("p").build();
        var client = ((GcsObjectStore) backend.store()).connection().storage();
        for (String name : List.of("p/", "p/queues/", "p/queues/default//x", "p/queues/default/a")) {
            client.create(
                    com.google.cloud.storage.BlobInfo.newBuilder("b", name).build(), new byte[0]);
        }

        assertThat(backend.store().list(ListRequest.of("")).objects())
                .singleElement()
                .satisfies(line -> assertThat(line.key()).isEqualTo("queues/default/a"));
        assertThat(backend.store().list(ListRequest.of("").limit(1)).objects()).hasSize(1);
    }
}
