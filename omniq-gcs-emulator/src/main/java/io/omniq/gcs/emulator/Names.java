/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;

/** Names of objects: which are allowed, and their order. */
final class Names {
    private static final int LIMIT = 1024;
    private static final int FIRST_SURROGATE = 0xD800;
    private static final int BEHIND_SURROGATES = 0xE000;

    /** By the bytes of UTF-8. Not the order of strings: there, a surrogate pair comes before U+FFFD. */
    static final Comparator<String> UTF8_ORDER = Names::compare;

    private Names() {}

    private static int compare(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            if (a.charAt(i) != b.charAt(i)) {
                return Integer.compare(rank(a.charAt(i)), rank(b.charAt(i)));
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** Moves the surrogates behind the rest, for the characters they stand for are greater. */
    private static int rank(char unit) {
        if (unit < FIRST_SURROGATE) {
            return unit;
        }
        return unit >= BEHIND_SURROGATES ? unit - 0x800 : unit + 0x2000;
    }

    static String requireValid(String name) {
        boolean reserved = name.equals(".") || name.equals("..") || name.startsWith(".well-known/acme-challenge/");
        boolean lineBreak = name.indexOf('\n') >= 0 || name.indexOf('\r') >= 0;
        if (name.isEmpty() || reserved || lineBreak || name.getBytes(StandardCharsets.UTF_8).length > LIMIT) {
            throw GcsError.invalid("The specified object name is not valid.");
        }
        return name;
    }
}
