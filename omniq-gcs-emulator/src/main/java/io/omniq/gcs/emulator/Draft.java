/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

/** An object about to be stored. */
record Draft(Content content, Attributes attributes) {}
