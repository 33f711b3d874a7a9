/** Not for use outside OmniQ: when schedules fire, and the duty that lets them. */
@NullMarked
package io.omniq.internal.scheduler;

import org.jspecify.annotations.NullMarked;
