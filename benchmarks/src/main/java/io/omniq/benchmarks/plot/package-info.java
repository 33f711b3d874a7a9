/** Pictures of results. */
@NullMarked
package io.omniq.benchmarks.plot;

import org.jspecify.annotations.NullMarked;
