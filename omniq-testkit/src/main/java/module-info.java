/** For users: a real OmniQ that the test moves, a JUnit extension, assertions. For authors of stores: the store contract, and stores that fail or count on purpose. */
@org.jspecify.annotations.NullMarked
module io.omniq.testkit {
    requires static org.jspecify;
    requires transitive io.omniq.core;
    requires transitive org.junit.jupiter.api;
    requires org.assertj.core;

    exports io.omniq.testkit;

    // JUnit reaches the package-private groups of the contract by reflection, also from a subclass in another module.
    opens io.omniq.testkit;
}
