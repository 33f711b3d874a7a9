/**
 * OmniQ: a task queue whose only infrastructure is a directory or a bucket. The API, the storage protocol, the worker
 * and the in-memory backend.
 */
@org.jspecify.annotations.NullMarked
module io.omniq.core {
    requires static transitive org.jspecify;
    requires com.cronutils;
    requires com.fasterxml.jackson.core;
    requires transitive com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jsr310;
    requires org.slf4j;
    requires static org.snakeyaml.engine.v2;

    uses io.omniq.storage.BackendProvider;

    provides io.omniq.storage.BackendProvider with
            io.omniq.internal.backend.MemoryBackendProvider;

    exports io.omniq;
    exports io.omniq.config;
    exports io.omniq.model;
    exports io.omniq.storage;
    exports io.omniq.store;
    exports io.omniq.internal.protocol to
            io.omniq.testkit;
    exports io.omniq.internal.scheduler to
            io.omniq.testkit;
    exports io.omniq.internal.worker to
            io.omniq.testkit;
    exports io.omniq.internal.util to
            io.omniq.testkit;
}
