/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a call. On a write each that does not hold is 412. On a read a Match that does not hold is 412, a
 * NotMatch that does not hold is 304. Generation 0 stands for "there is no live object".
 */
record Preconditions(
        OptionalLong generation,
        OptionalLong notGeneration,
        OptionalLong metageneration,
        OptionalLong notMetageneration) {
    static Preconditions of(Parameters parameters) {
        return named(parameters, "if");
    }

    static Preconditions ofSource(Parameters parameters) {
        return named(parameters, "ifSource");
    }

    private static Preconditions named(Parameters parameters, String start) {
        return new Preconditions(
                parameters.number(start + "GenerationMatch"),
                parameters.number(start + "GenerationNotMatch"),
                parameters.number(start + "MetagenerationMatch"),
                parameters.number(start + "MetagenerationNotMatch"));
    }

    static Preconditions generation(OptionalLong generation) {
        return new Preconditions(generation, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
    }

    /** Throws unless a write may go on over what is there. */
    void requireForWrite(@Nullable Blob there) {
        if (!matches(there) || isUnwanted(there)) {
            throw GcsError.preconditionFailed();
        }
    }

    /** Throws unless a read may go on. */
    void requireForRead(Blob there) {
        if (!matches(there)) {
            throw GcsError.preconditionFailed();
        }
        if (isUnwanted(there)) {
            throw GcsError.notModified();
        }
    }

    private boolean matches(@Nullable Blob there) {
        long current = there == null ? 0 : there.generation();
        boolean sameGeneration = generation.isEmpty() || generation.getAsLong() == current;
        boolean sameMetageneration =
                metageneration.isEmpty() || (there != null && metageneration.getAsLong() == there.metageneration());
        return sameGeneration && sameMetageneration;
    }

    private boolean isUnwanted(@Nullable Blob there) {
        long current = there == null ? 0 : there.generation();
        boolean unwantedGeneration = notGeneration.isPresent() && notGeneration.getAsLong() == current;
        boolean unwantedMetageneration = notMetageneration.isPresent()
                && there != null
                && notMetageneration.getAsLong() == there.metageneration();
        return unwantedGeneration || unwantedMetageneration;
    }
}
