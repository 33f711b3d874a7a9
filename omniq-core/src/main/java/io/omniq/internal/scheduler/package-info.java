/** Not for use outside OmniQ: when schedules fire. */
@NullMarked
package io.omniq.internal.scheduler;

import org.jspecify.annotations.NullMarked;
