/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.OmniQ;
import io.omniq.OmniQBuilder;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;

/**
 * How the test kit builds an OmniQ that it drives by hand. The facade's builder leaves the key here when its class is
 * initialized, since a public method for it would be everybody's.
 */
public final class DriveDoor {
    private static final AtomicReference<BiFunction<OmniQBuilder, Drive, OmniQ>> KEY = new AtomicReference<>();

    private DriveDoor() {}

    /**
     * Leaves the key; for the builder's class only.
     *
     * @param key builds an OmniQ on a drive
     */
    public static void install(BiFunction<OmniQBuilder, Drive, OmniQ> key) {
        KEY.set(key);
    }

    /**
     * Builds an OmniQ on a drive.
     *
     * @param builder the builder
     * @param drive what moves it
     * @return the OmniQ
     * @throws IllegalStateException as {@link OmniQBuilder#build()}
     */
    public static OmniQ build(OmniQBuilder builder, Drive drive) {
        return Objects.requireNonNull(KEY.get(), "key").apply(builder, drive);
    }
}
