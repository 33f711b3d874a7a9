/** A fixture for tests: the JSON API of Google Cloud Storage in memory, on loopback, with faults on demand. */
@org.jspecify.annotations.NullMarked
module io.omniq.gcs.emulator {
    requires static org.jspecify;
    requires com.fasterxml.jackson.databind;
    requires jdk.httpserver;

    exports io.omniq.gcs.emulator;
}
