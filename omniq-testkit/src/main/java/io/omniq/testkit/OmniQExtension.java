/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.OmniQ;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each JUnit test a {@link TestOmniQ} of its own, as a parameter of type {@link TestOmniQ}, {@link OmniQ} or
 * {@link TestClock} of the test, its {@code @BeforeEach} or its {@code @AfterEach} methods, and closes it after the test.
 *
 * <pre>{@code
 * private final Reports reports = new Reports();
 *
 * @RegisterExtension
 * final OmniQExtension extension = new OmniQExtension(TestOmniQ.builder().register(reports));
 *
 * @Test
 * void rendersReports(TestOmniQ omniq) { ... }
 * }</pre>
 *
 * <p>A field that is not static gives each test fresh task objects too. A test fails when a background duty threw anything but a
 * failure of the store: in production that is a line in the log that nobody reads, and it means that a retry policy or OmniQ
 * itself has a bug. Tests may run in parallel.
 */
public final class OmniQExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(OmniQExtension.class);

    private final TestOmniQBuilder builder;

    /** For tests that only enqueue: nothing is registered. For {@code @ExtendWith}. */
    public OmniQExtension() {
        this(TestOmniQ.builder());
    }

    /**
     * For tests that run tasks.
     *
     * @param builder makes what each test gets
     */
    public OmniQExtension(TestOmniQBuilder builder) {
        this.builder = Objects.requireNonNull(builder, "builder");
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put(this, builder.build());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        TestOmniQ omniq = context.getStore(NAMESPACE).remove(this, TestOmniQ.class);
        if (omniq == null) {
            return; // it could not be made, which the test has failed with
        }
        omniq.close();
        if (!omniq.dutyFailures().isEmpty()) {
            AssertionError error = new AssertionError(
                    "a background duty failed: failures=" + omniq.dutyFailures().size());
            omniq.dutyFailures().forEach(error::addSuppressed);
            throw error;
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestOmniQ.class || type == OmniQ.class || type == TestClock.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        TestOmniQ omniq = context.getStore(NAMESPACE).get(this, TestOmniQ.class);
        if (omniq == null) {
            throw new ParameterResolutionException(
                    "each test has an OmniQ of its own, so there is none outside of tests; use"
                            + " @BeforeEach instead of @BeforeAll or the constructor: parameter="
                            + parameter.getParameter());
        }
        return type == TestOmniQ.class ? omniq : type == OmniQ.class ? omniq.omniq() : omniq.clock();
    }
}
