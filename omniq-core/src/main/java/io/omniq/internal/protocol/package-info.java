/** Not for use outside OmniQ: the storage protocol over an object store. */
@NullMarked
package io.omniq.internal.protocol;

import org.jspecify.annotations.NullMarked;
