/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobSourceOption;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.StorageException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Google's client makes of faults: the traps a queue on GCS has to know. */
class GoogleClientRetryTest {
    private static final byte[] CONTENT = "0123456789".getBytes(UTF_8);
    private final GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
    private final Storage storage = GoogleClient.of(emulator);
    private final GcsFaults faults = emulator.faults();

    @AfterEach
    void close() throws Exception {
        storage.close();
        emulator.close();
    }

    private Blob create(BlobTargetOption... options) {
        return storage.create(BlobInfo.newBuilder("b", "a").build(), CONTENT, options);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void anErrorBeforeAConditionalCreateIsOvercome(int status) {
        faults.fail(3, call -> call.method() == GcsMethod.OBJECTS_INSERT, GcsFault.errorBefore(status));

        assertThat(create(BlobTargetOption.doesNotExist()).getGeneration()).isPositive();
        assertThat(emulator.operations().calls(GcsMethod.OBJECTS_INSERT)).isEqualTo(4);
    }

    @Test
    void anErrorBeforeAnUnconditionalCreateIsNot() {
        faults.failNext(GcsMethod.OBJECTS_INSERT, GcsFault.errorBefore(503));

        assertThatThrownBy(this::create)
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.getCode()).isEqualTo(503));
        assertThat(emulator.operations().calls(GcsMethod.OBJECTS_INSERT)).isEqualTo(1);
    }

    @Test
    void aCreateWhoseAnswerWasLostMeetsItsOwnObject() {
        faults.failNext(GcsMethod.OBJECTS_INSERT, GcsFault.lostAnswer());

        assertThatThrownBy(() -> create(BlobTargetOption.doesNotExist()))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.getCode()).isEqualTo(412));
        assertThat(storage.readAllBytes("b", "a")).isEqualTo(CONTENT);
        assertThat(emulator.operations().calls(GcsMethod.OBJECTS_INSERT)).isEqualTo(2);
    }

    @Test
    void rememberedTokensHealTheLostAnswer() throws Exception {
        try (GcsEmulator remembering = GcsEmulator.builder()
                        .bucket("b")
                        .replayTokens(Duration.ofMinutes(2))
                        .start();
                Storage other = GoogleClient.of(remembering)) {
            remembering.faults().failNext(GcsMethod.OBJECTS_INSERT, GcsFault.lostAnswer());
            remembering.faults().failNext(GcsMethod.OBJECTS_DELETE, GcsFault.errorAfter(503));

            Blob made = other.create(BlobInfo.newBuilder("b", "a").build(), BlobTargetOption.doesNotExist());
            boolean deleted = other.delete(made.getBlobId(), BlobSourceOption.generationMatch(made.getGeneration()));

            assertThat(deleted).isTrue();
        }
    }

    @Test
    void aDeleteWhoseAnswerWasLostSaysFalse() {
        Blob made = create();
        faults.failNext(GcsMethod.OBJECTS_DELETE, GcsFault.errorAfter(503));

        assertThat(storage.delete(BlobId.of("b", "a"), BlobSourceOption.generationMatch(made.getGeneration())))
                .isFalse();
        assertThat(storage.get("b", "a")).isNull();
    }

    @Test
    void anUpdateIsOnlyTriedAgainUnderAMetageneration() {
        Blob made = create();
        BlobInfo changed = made.toBuilder().setContentType("text/html").build();
        faults.failNext(GcsMethod.OBJECTS_PATCH, GcsFault.errorBefore(503));
        assertThatThrownBy(() -> storage.update(changed, BlobTargetOption.generationMatch()))
                .isInstanceOf(StorageException.class);
        faults.failNext(GcsMethod.OBJECTS_PATCH, GcsFault.errorBefore(503));

        assertThat(storage.update(changed, BlobTargetOption.metagenerationMatch())
                        .getContentType())
                .isEqualTo("text/html");
    }

    @Test
    void readsAndListsOvercomeLostCutAndRefusedAnswers() {
        create();
        faults.failNext(GcsMethod.OBJECTS_DOWNLOAD, GcsFault.lostAnswer());
        faults.failNext(GcsMethod.OBJECTS_DOWNLOAD, GcsFault.cut(3));
        faults.failNext(GcsMethod.OBJECTS_LIST, GcsFault.cut(20));
        faults.failNext(GcsMethod.OBJECTS_LIST, GcsFault.truncate(20));
        faults.failNext(GcsMethod.OBJECTS_GET, GcsFault.lostRequest());

        assertThat(storage.readAllBytes("b", "a")).isEqualTo(CONTENT);
        assertThat(storage.list("b").iterateAll()).hasSize(1);
        assertThat(storage.get("b", "a")).isNotNull();
        assertThat(faults.scripted()).isZero();
    }

    @Test
    void aStalePageTokenEndsAWalk() {
        create();
        storage.create(BlobInfo.newBuilder("b", "c").build());
        faults.failNext(GcsMethod.OBJECTS_LIST, GcsFault.stalePageToken());

        assertThatThrownBy(() -> storage.list("b", BlobListOption.pageSize(1))
                        .iterateAll()
                        .forEach(blob -> assertThat(blob.getName()).isEqualTo("a")))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.getCode()).isEqualTo(400));
    }
}
