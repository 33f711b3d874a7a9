/** OmniQ over a store that takes its time, as a bucket does. */
@NullMarked
package io.omniq.benchmarks.latency;

import org.jspecify.annotations.NullMarked;
