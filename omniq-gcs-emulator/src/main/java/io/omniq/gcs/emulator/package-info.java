/**
 * A Google Cloud Storage for tests: {@link io.omniq.gcs.emulator.GcsEmulator} serves the JSON API from memory, on
 * loopback only, and fails on demand.
 */
@NullMarked
package io.omniq.gcs.emulator;

import org.jspecify.annotations.NullMarked;
