/** Settings as immutable data: effect, bounds and default of each stand at its builder method. */
@NullMarked
package io.omniq.config;

import org.jspecify.annotations.NullMarked;
