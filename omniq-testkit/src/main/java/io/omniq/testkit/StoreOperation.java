/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.store.Write;

/** The single operations a store is asked for: the unit in which faults are injected and operations are counted. */
public enum StoreOperation {
    /** The read of one object. */
    GET,
    /** One page of a listing. */
    LIST,
    /** A write that expects no object. */
    CREATE,
    /** A write that expects a version. */
    REPLACE,
    /** A removal that expects a version. */
    DELETE;

    /**
     * The operation a write asks for.
     *
     * @param write the write
     * @return {@link #CREATE}, {@link #REPLACE} or {@link #DELETE}
     */
    public static StoreOperation of(Write write) {
        return switch (write.kind()) {
            case CREATE -> CREATE;
            case REPLACE -> REPLACE;
            case DELETE -> DELETE;
        };
    }
}
