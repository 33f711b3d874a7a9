/** Several processes on one directory, and many waiting tasks. */
@NullMarked
package io.omniq.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
