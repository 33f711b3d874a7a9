/** Not for use outside OmniQ: what a process takes from its surroundings. */
@NullMarked
package io.omniq.internal.util;

import org.jspecify.annotations.NullMarked;
