/** Help for tests: a real OmniQ and a clock that the test moves, assertions, the contract every store must meet, stores that fail or count on purpose. */
@NullMarked
package io.omniq.testkit;

import org.jspecify.annotations.NullMarked;
