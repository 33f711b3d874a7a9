/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a program printed. */
public final class Printed {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** A program. */
    @FunctionalInterface
    public interface Program {
        void run() throws Exception;
    }

    /** Runs a program in this process, and returns the lines it printed. */
    public static List<String> by(Program program) throws Exception {
        Printed printed = new Printed();
        PrintStream before = System.out;
        System.setOut(printed.stream());
        try {
            program.run();
        } finally {
            System.setOut(before);
        }
        return printed.lines();
    }

    public PrintStream stream() {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    public List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
