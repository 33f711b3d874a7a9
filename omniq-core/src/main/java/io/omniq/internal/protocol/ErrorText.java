/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What records say of an error. */
final class ErrorText {
    private static final int MAX_TRACE = 8_000;

    private ErrorText() {}

    /** The user's exceptions are user code: one that cannot even tell its message must not stop its recording. */
    @SuppressWarnings("CatchAndPrintStackTrace")
    static String message(Throwable error) {
        try {
            String message = error.getMessage();
            return message == null ? error.getClass().getSimpleName() : cut(message);
        } catch (RuntimeException | Error e) {
            return error.getClass().getSimpleName() + " (its message cannot be read)";
        }
    }

    static String trace(Throwable error) {
        StringWriter text = new StringWriter();
        try {
            error.printStackTrace(new PrintWriter(text));
        } catch (RuntimeException | Error e) {
            text.append("(the trace cannot be read)");
        }
        return cut(text.toString());
    }

    private static String cut(String text) {
        return text.length() > MAX_TRACE ? text.substring(0, MAX_TRACE) + "..." : text;
    }
}
