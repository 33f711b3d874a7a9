/** For authors of stores: the small set of conditional writes that everything else is built on. */
@NullMarked
package io.omniq.store;

import org.jspecify.annotations.NullMarked;
