/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome.Status;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Reading: whole bodies, byte for byte, and absence as an answer. */
abstract class ReadingTopic extends StoreTopic {
    private static final String KEY = "reading/object";

    ReadingTopic(ObjectStoreContract contract) {
        super(contract);
    }

    @Test
    void anAbsentObjectIsAnAnswer() {
        create("reading/other", "x");

        assertThat(store().get(KEY)).isEmpty();
        assertThat(store().get("nowhere/at/all")).isEmpty();
    }

    @Test
    void aNameThatOnlyBeginsKeysIsAbsent() {
        create("reading/deep/object", "x");

        assertThat(store().get("reading")).isEmpty();
        assertThat(store().get("reading/deep")).isEmpty();
        assertThat(store().get("reading/deep/obj")).isEmpty();
    }

    @Test
    void aNameBelowAnObjectIsAbsent() {
        create("reading/object", "x");

        assertThat(store().get("reading/object/below")).isEmpty();
    }

    @Test
    void getAllAnswersInTheOrderOfTheKeys() {
        create("reading/a", "body of a");
        create("reading/b", "body of b");

        List<Optional<StoredObject>> answers =
                store().getAll(List.of("reading/b", "reading/missing", "reading/a", "reading/b"));

        assertThat(answers)
                .extracting(answer -> answer.map(StoreTopic::text).orElse("absent"))
                .containsExactly("body of b", "absent", "body of a", "body of b");
        assertThat(store().getAll(List.of())).isEmpty();
    }

    @Test
    void keepsEveryByteValue() {
        byte[] body = new byte[1024];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (i * 7 + i / 256);
        }

        assertRoundTrip(body);
    }

    @Test
    void keepsBytesThatAreNotText() {
        assertRoundTrip(new byte[] {(byte) 0xff, (byte) 0xfe, 0, '\r', '\n', '\n', (byte) 0xc3, 0x1a, (byte) 0x80, 0});
    }

    @Test
    void keepsAnEmptyBody() {
        Version version = assertRoundTrip(new byte[0]);

        replace(KEY, version, "no longer empty");
        assertThat(text(KEY)).isEqualTo("no longer empty");
    }

    @Test
    void keepsABodyOfTenMegabytes() {
        byte[] body = new byte[10 << 20];
        new SplittableRandom(10).nextBytes(body);

        assertRoundTrip(body);
    }

    @Test
    void aReturnedBodyIsNotTheStoresOwn() {
        create(KEY, "original");

        read(KEY).body()[0] = 'X';
        store().getAll(List.of(KEY)).get(0).orElseThrow().body()[0] = 'Y';

        assertThat(text(KEY)).isEqualTo("original");
    }

    @Test
    void aWrittenBodyIsNotTheCallersAfterwards() {
        byte[] body = bytes("original");
        Version version = write(Write.create(KEY, body)).version().orElseThrow();
        body[0] = 'X';
        assertThat(text(KEY)).isEqualTo("original");

        byte[] next = bytes("replacement");
        write(Write.replace(KEY, version, next));
        next[0] = 'X';
        assertThat(text(KEY)).isEqualTo("replacement");
    }

    private Version assertRoundTrip(byte[] body) {
        var outcome = write(Write.create(KEY, body.clone()));
        assertThat(outcome.status()).as("outcome %s", outcome).isEqualTo(Status.APPLIED);
        StoredObject found = read(KEY);
        // Not "isEqualTo" on the arrays: a failure would print ten megabytes.
        assertThat(Arrays.mismatch(found.body(), body))
                .as("first differing byte of %d", body.length)
                .isEqualTo(-1);
        return found.version();
    }
}
