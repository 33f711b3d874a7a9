/** Backends by URL that need no module of their own. */
@NullMarked
package io.omniq.internal.backend;

import org.jspecify.annotations.NullMarked;
