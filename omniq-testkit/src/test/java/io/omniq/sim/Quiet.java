/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Keeps the log out of the way while thousands of processes die and records are damaged on purpose. */
final class Quiet implements BeforeAllCallback, AfterAllCallback {
    private final PrintStream before = System.err;

    @Override
    public void beforeAll(ExtensionContext context) {
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        System.setErr(before);
    }
}
