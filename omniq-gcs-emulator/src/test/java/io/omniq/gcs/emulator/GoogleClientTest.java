/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.ReadChannel;
import com.google.cloud.WriteChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Bucket;
import com.google.cloud.storage.BucketInfo;
import com.google.cloud.storage.CopyWriter;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobGetOption;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobSourceOption;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.Storage.BlobWriteOption;
import com.google.cloud.storage.StorageBatch;
import com.google.cloud.storage.StorageBatchResult;
import com.google.cloud.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Google's own client finds in the emulator what it expects of GCS. */
class GoogleClientTest {
    private final GcsEmulator emulator =
            GcsEmulator.builder().bucket("b").bucket("other").start();
    private final Storage storage = GoogleClient.of(emulator);

    @AfterEach
    void close() throws Exception {
        storage.close();
        emulator.close();
    }

    private static BlobInfo info(String name) {
        return BlobInfo.newBuilder("b", name).build();
    }

    private Blob create(String name, String content, BlobTargetOption... options) {
        return storage.create(info(name), content.getBytes(UTF_8), options);
    }

    private static void refusedWith(int code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.getCode()).isEqualTo(code));
    }

    @Test
    void createsOnceWithDoesNotExist() {
        Blob made = create("a", "1", BlobTargetOption.doesNotExist());

        assertThat(made.getGeneration()).isPositive();
        assertThat(made.getMetageneration()).isEqualTo(1);
        assertThat(made.getSize()).isEqualTo(1);
        assertThat(made.getCreateTimeOffsetDateTime()).isNotNull();
        assertThatThrownBy(() -> create("a", "2", BlobTargetOption.doesNotExist()))
                .isInstanceOfSatisfying(StorageException.class, e -> {
                    assertThat(e.getCode()).isEqualTo(412);
                    assertThat(e.getReason()).isEqualTo("conditionNotMet");
                    assertThat(e.isRetryable()).isFalse();
                });
        assertThat(storage.readAllBytes("b", "a")).asString(UTF_8).isEqualTo("1");
    }

    @Test
    void replacesTheGenerationItSaw() {
        Blob first = create("a", "1");
        Blob second = create("a", "2", BlobTargetOption.generationMatch(first.getGeneration()));

        assertThat(second.getGeneration()).isGreaterThan(first.getGeneration());
        refusedWith(412, () -> create("a", "3", BlobTargetOption.generationMatch(first.getGeneration())));
        refusedWith(412, () -> create("a", "3", BlobTargetOption.metagenerationMatch(2)));
    }

    @Test
    void deletesTheGenerationItSaw() {
        Blob made = create("a", "1");
        BlobId id = BlobId.of("b", "a");

        refusedWith(412, () -> storage.delete(id, BlobSourceOption.generationMatch(made.getGeneration() + 1)));
        assertThat(storage.delete(BlobId.of("b", "a", made.getGeneration() - 1)))
                .isFalse();
        assertThat(storage.delete(id, BlobSourceOption.generationMatch(made.getGeneration())))
                .isTrue();
        assertThat(storage.delete(id, BlobSourceOption.generationMatch(made.getGeneration())))
                .isFalse();
    }

    @Test
    void readsUnderConditions() {
        Blob made = create("a", "1");
        long generation = made.getGeneration();

        assertThat(storage.get("b", "missing")).isNull();
        refusedWith(404, () -> storage.readAllBytes("b", "missing"));
        refusedWith(412, () -> storage.readAllBytes("b", "a", BlobSourceOption.generationMatch(generation + 1)));
        refusedWith(304, () -> storage.get("b", "a", BlobGetOption.generationNotMatch(generation)));
        refusedWith(304, () -> storage.readAllBytes("b", "a", BlobSourceOption.generationNotMatch(generation)));
        assertThat(storage.get("b", "a", BlobGetOption.fields(BlobField.GENERATION))
                        .getSize())
                .isNull();
    }

    @Test
    void listsByOffsetsPagesAndFields() {
        List<String> names = List.of("q/1", "q/2", "q/3", "q/4", "q/😀", "r");
        names.forEach(name -> create(name, name));

        List<String> listed = names(
                BlobListOption.prefix("q/"),
                BlobListOption.startOffset("q/2"),
                BlobListOption.endOffset("q/😀"),
                BlobListOption.pageSize(1),
                BlobListOption.fields(BlobField.NAME, BlobField.GENERATION, BlobField.METADATA));

        assertThat(listed).containsExactly("q/2", "q/3", "q/4");
        assertThat(names(BlobListOption.pageSize(4))).isEqualTo(names);
        assertThat(names(BlobListOption.currentDirectory())).containsExactly("r", "q/");
        assertThat(storage.list("b", BlobListOption.fields(BlobField.NAME))
                        .getValues()
                        .iterator()
                        .next()
                        .getGeneration())
                .isNull();
    }

    private List<String> names(BlobListOption... options) {
        return StreamSupport.stream(storage.list("b", options).iterateAll().spliterator(), false)
                .map(Blob::getName)
                .toList();
    }

    @Test
    void updatesMetadataUnderConditions() {
        Blob made = storage.create(BlobInfo.newBuilder("b", "a")
                .setMetadata(Map.of("k", "v", "l", "w"))
                .build());
        Map<String, String> change = new HashMap<>();
        change.put("k", null);
        change.put("m", "x");

        Blob changed = made.toBuilder()
                .setMetadata(change)
                .build()
                .update(BlobTargetOption.generationMatch(), BlobTargetOption.metagenerationMatch());

        assertThat(changed.getMetadata()).isEqualTo(Map.of("l", "w", "m", "x"));
        assertThat(changed.getMetageneration()).isEqualTo(2);
        assertThat(changed.getGeneration()).isEqualTo(made.getGeneration());
        refusedWith(
                412,
                () -> made.toBuilder()
                        .setContentType("text/html")
                        .build()
                        .update(BlobTargetOption.metagenerationMatch()));
        refusedWith(
                404,
                () -> storage.update(
                        info("missing").toBuilder().setContentType("text/html").build()));
    }

    @Test
    void customTimeIsKeptAndOnlyMovesForward() {
        OffsetDateTime noon = OffsetDateTime.parse("2026-01-02T12:00:00Z");
        BlobInfo timed =
                BlobInfo.newBuilder("b", "a").setCustomTimeOffsetDateTime(noon).build();
        storage.create(timed);

        assertThat(storage.get("b", "a").getCustomTimeOffsetDateTime()).isEqualTo(noon);
        refusedWith(
                400,
                () -> storage.update(timed.toBuilder()
                        .setCustomTimeOffsetDateTime(noon.minusDays(1))
                        .build()));
    }

    @Test
    void deletesAndPatchesInABatch() {
        Blob kept = create("kept", "1");
        create("gone", "1");
        StorageBatch batch = storage.batch();
        StorageBatchResult<Boolean> gone = batch.delete("b", "gone");
        StorageBatchResult<Boolean> missing = batch.delete("b", "missing");
        StorageBatchResult<Boolean> refused =
                batch.delete("b", "kept", BlobSourceOption.generationMatch(kept.getGeneration() + 1));
        StorageBatchResult<Blob> patched = batch.update(
                info("kept").toBuilder().setMetadata(Map.of("k", "v")).build());
        batch.submit();

        assertThat(gone.get()).isTrue();
        assertThat(missing.get()).isFalse();
        refusedWith(412, refused::get);
        assertThat(patched.get().getMetadata()).containsEntry("k", "v");
        assertThat(names()).containsExactly("kept");
    }

    @Test
    void deletesManyAtOnce() {
        List<BlobId> ids = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            ids.add(create("a" + i, "").getBlobId());
        }

        assertThat(storage.delete(ids)).hasSize(150).containsOnly(true);
        assertThat(names()).isEmpty();
    }

    @Test
    void writesInPieces() throws IOException {
        byte[] content = "0123456789abcdef".repeat(40_000).getBytes(UTF_8);
        try (WriteChannel writer = storage.writer(info("a"), BlobWriteOption.doesNotExist())) {
            writer.setChunkSize(256 * 1024);
            writer.write(ByteBuffer.wrap(content));
        }

        assertThat(storage.readAllBytes("b", "a")).isEqualTo(content);
        assertThat(emulator.operations().calls(GcsMethod.UPLOAD_CHUNK)).isGreaterThan(1);
        refusedWith(412, () -> {
            try (WriteChannel writer = storage.writer(info("a"), BlobWriteOption.doesNotExist())) {
                writer.write(ByteBuffer.wrap(content));
            } catch (IOException e) {
                throw e.getCause();
            }
        });
    }

    @Test
    void writesNothingInPieces() throws IOException {
        storage.writer(info("empty")).close();

        assertThat(storage.readAllBytes("b", "empty")).isEmpty();
    }

    @Test
    void readsThroughAChannel() throws IOException {
        create("a", "0123456789");
        ByteBuffer buffer = ByteBuffer.allocate(4);
        try (ReadChannel reader = storage.reader("b", "a")) {
            reader.seek(3);
            while (buffer.hasRemaining() && reader.read(buffer) >= 0) {
                // A channel may give less than asked for.
            }
        }

        assertThat(buffer.array()).asString(UTF_8).isEqualTo("3456");
    }

    @Test
    void checksumsAreCheckedByTheServer() {
        BlobInfo wrong =
                BlobInfo.newBuilder("b", "a").setMd5("AAAAAAAAAAAAAAAAAAAAAA==").build();

        refusedWith(400, () -> {
            try (WriteChannel writer = storage.writer(wrong, BlobWriteOption.md5Match())) {
                writer.write(ByteBuffer.wrap("1".getBytes(UTF_8)));
            } catch (IOException e) {
                throw e.getCause();
            }
        });
        assertThat(storage.get("b", "a")).isNull();
    }

    @Test
    void copiesComposesAndMoves() {
        Blob made = create("a", "1");
        CopyWriter copy = storage.copy(Storage.CopyRequest.newBuilder()
                .setSource("b", "a")
                .setSourceOptions(BlobSourceOption.generationMatch(made.getGeneration()))
                .setTarget(BlobId.of("other", "c"), BlobTargetOption.doesNotExist())
                .build());
        assertThat(copy.getResult().getContent()).asString(UTF_8).isEqualTo("1");

        create("z", "2");
        Blob composed = storage.compose(Storage.ComposeRequest.newBuilder()
                .addSource("a")
                .addSource("z")
                .setTarget(info("az"))
                .setTargetOptions(BlobTargetOption.doesNotExist())
                .build());
        assertThat(composed.getContent()).asString(UTF_8).isEqualTo("12");

        Blob moved = storage.moveBlob(Storage.MoveBlobRequest.newBuilder()
                .setSource(BlobId.of("b", "az"))
                .setTarget(BlobId.of("b", "moved"))
                .build());
        assertThat(moved.getName()).isEqualTo("moved");
        assertThat(names()).containsExactly("a", "moved", "z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a//b", "a b+c%d", "../x", "ümlaut/日本/😀", "semi;colon&amp=?#", "[x]|{y}^`\"<>"})
    void oddNamesAreKept(String name) {
        create(name, name);

        assertThat(storage.get("b", name).getName()).isEqualTo(name);
        assertThat(storage.readAllBytes("b", name)).asString(UTF_8).isEqualTo(name);
        assertThat(names(BlobListOption.prefix(name))).containsExactly(name);
        assertThat(storage.delete("b", name)).isTrue();
    }

    @Test
    void bucketsAreShownAndMade() {
        Bucket bucket = storage.get("b");

        assertThat(bucket.getSoftDeletePolicy().getRetentionDuration()).isZero();
        assertThat(bucket.getIamConfiguration().isUniformBucketLevelAccessEnabled())
                .isTrue();
        assertThat(storage.get("none")).isNull();
        assertThat(storage.create(BucketInfo.of("made")).getName()).isEqualTo("made");
        assertThat(storage.testIamPermissions("b", List.of("storage.objects.create")))
                .containsExactly(true);
    }

    @Test
    void tooManyMutationsAre429() {
        // Its time stands still: in a second of its own the next change would be in time.
        try (GcsEmulator limited = GcsEmulator.builder()
                .bucket("b")
                .limitMutations()
                .clock(new TestTime("2026-03-04T05:06:07.890Z"))
                .start()) {
            Storage other = GoogleClient.of(limited);
            other.create(info("a"));

            // Without a condition the client does not try again.
            assertThatThrownBy(() -> other.create(info("a"))).isInstanceOfSatisfying(StorageException.class, e -> {
                assertThat(e.getCode()).isEqualTo(429);
                assertThat(e.getReason()).isEqualTo("rateLimitExceeded");
            });
        }
    }
}
