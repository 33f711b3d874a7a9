/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

/** A store in a directory of a local disk, shared by any number of threads and processes of one host. */
@NullMarked
package io.omniq.backend.file;

import org.jspecify.annotations.NullMarked;
