/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

/** Whether the answers of the stores to concurrent calls can be explained by one order of these calls. */
@NullMarked
package io.omniq.lincheck;

import org.jspecify.annotations.NullMarked;
