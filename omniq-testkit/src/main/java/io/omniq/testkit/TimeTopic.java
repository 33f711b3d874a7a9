/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.Version;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The store's time: leases and ages are judged by it alone. */
abstract class TimeTopic extends StoreTopic {
    private static final String KEY = "time/object";

    /** How far a write's time may lie before the time asked for just before it: clocks of file systems are coarse. */
    private static final Duration COARSENESS = Duration.ofSeconds(1);

    TimeTopic(ObjectStoreContract contract) {
        super(contract);
    }

    @Test
    void noWriteIsNewerThanNow() {
        Version version = create(KEY, "one");
        Instant created = read(KEY).updated();
        assertThat(created).as("time of the create").isBeforeOrEqualTo(store().now());

        replace(KEY, version, "two");
        Instant replaced = read(KEY).updated();
        assertThat(replaced).as("time of the replace").isBeforeOrEqualTo(store().now());
    }

    @Test
    void aListedWriteIsNotNewerThanNow() {
        create(KEY, "one");

        Instant updated = listed(KEY).updated();

        assertThat(updated).isBeforeOrEqualTo(store().now());
    }

    @Test
    void aWriteIsNotOlderThanTheTimeBeforeIt() {
        Instant before = store().now();

        create(KEY, "one");

        assertThat(read(KEY).updated()).isAfterOrEqualTo(before.minus(COARSENESS));
    }

    @Test
    void readAndListingAgreeOnTheTime() {
        Version version = create(KEY, "one");
        assertAgree();

        replace(KEY, version, "two");
        assertAgree();
    }

    /** A read may cut the time: a bucket tells it in whole seconds then. */
    private void assertAgree() {
        Instant listed = listed(KEY).updated();
        assertThat(read(KEY).updated()).isBeforeOrEqualTo(listed).isAfter(listed.minus(COARSENESS));
    }

    @Test
    void laterWritesOfAKeyAreNotOlder() {
        Version version = create(KEY, "0");
        Instant last = read(KEY).updated();
        for (int i = 1; i <= 20; i++) {
            version = replace(KEY, version, Integer.toString(i));
            Instant updated = read(KEY).updated();
            assertThat(updated).as("time of write %d", i).isAfterOrEqualTo(last);
            last = updated;
        }
    }

    @Test
    void readingDoesNotChangeTheTime() {
        create(KEY, "one");
        Instant updated = read(KEY).updated();

        store().now();
        listed(KEY);

        assertThat(read(KEY).updated()).isEqualTo(updated);
    }

    @Test
    void nowDoesNotGoBack() {
        Instant last = store().now();
        for (int i = 0; i < 20; i++) {
            create("time/" + i, "x");
            Instant now = store().now();
            assertThat(now).isAfterOrEqualTo(last);
            last = now;
        }
    }
}
