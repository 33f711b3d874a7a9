/** Hot paths, with JMH. */
@NullMarked
package io.omniq.benchmarks.hot;

import org.jspecify.annotations.NullMarked;
