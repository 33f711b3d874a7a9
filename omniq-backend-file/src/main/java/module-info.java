/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

/** OmniQ's directory backend: everything kept as readable files in one directory of a local disk. */
@org.jspecify.annotations.NullMarked
module io.omniq.backend.file {
    requires static org.jspecify;
    requires transitive io.omniq.core;

    exports io.omniq.backend.file;

    provides io.omniq.storage.BackendProvider with
            io.omniq.backend.file.FileBackendProvider;
}
