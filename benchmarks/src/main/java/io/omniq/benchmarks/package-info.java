/**
 * Measures OmniQ: beside other embedded queues, in operations and dollars, over a slow store, at depth, and in its hot
 * paths. Programs, not a library; nothing depends on them.
 */
@NullMarked
package io.omniq.benchmarks;

import org.jspecify.annotations.NullMarked;
