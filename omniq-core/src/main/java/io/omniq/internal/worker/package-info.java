/** Not for use outside OmniQ: claim loop, execution, heartbeat and shutdown. */
@NullMarked
package io.omniq.internal.worker;

import org.jspecify.annotations.NullMarked;
