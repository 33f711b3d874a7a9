/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a write after it was sent, repeated and looked for.
 *
 * @param applied whether it landed
 * @param answered whether the store said so itself; else what stands there was seen to be one's own, a while after
 * @param version the version it made; null for a delete
 * @param current what stands there instead; null when nothing does, and after a delete
 */
record Settled(
        boolean applied,
        boolean answered,
        @Nullable Version version,
        @Nullable StoredObject current) {

    static Settled landed(@Nullable Version version) {
        return new Settled(true, true, version, null);
    }

    static Settled found(@Nullable Version version) {
        return new Settled(true, false, version, null);
    }

    static Settled lost(@Nullable StoredObject current) {
        return new Settled(false, false, null, current);
    }

    Version newVersion() {
        return Objects.requireNonNull(version, "version of an applied create or replace");
    }
}
