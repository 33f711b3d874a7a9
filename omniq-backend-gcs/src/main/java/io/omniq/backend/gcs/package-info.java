/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

/** OmniQ's Google Cloud Storage backend: everything kept as readable JSON objects in one bucket. */
@org.jspecify.annotations.NullMarked
package io.omniq.backend.gcs;
