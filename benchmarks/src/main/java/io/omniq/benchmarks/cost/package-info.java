/** Operations and dollars: counted, not timed. */
@NullMarked
package io.omniq.benchmarks.cost;

import org.jspecify.annotations.NullMarked;
