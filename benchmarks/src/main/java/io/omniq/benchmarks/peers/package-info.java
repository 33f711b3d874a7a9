/** OmniQ beside other embedded queues, each at its best. */
@NullMarked
package io.omniq.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
