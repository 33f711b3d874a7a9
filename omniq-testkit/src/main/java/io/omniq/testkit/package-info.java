/** Help for tests: a clock to move by hand, the contract every store must meet, stores that fail or count on purpose. */
@NullMarked
package io.omniq.testkit;

import org.jspecify.annotations.NullMarked;
