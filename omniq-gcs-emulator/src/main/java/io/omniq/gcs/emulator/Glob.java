/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** A pattern for names: {@code *} and {@code ?} stop at a slash, {@code **} does not; sets and alternatives. */
final class Glob {
    private final @Nullable Pattern pattern;

    private Glob(@Nullable Pattern pattern) {
        this.pattern = pattern;
    }

    /** An empty text matches all names. */
    static Glob of(String text) {
        if (text.isEmpty()) {
            return new Glob(null);
        }
        try {
            return new Glob(Pattern.compile(regex(text), Pattern.DOTALL));
        } catch (PatternSyntaxException e) {
            throw GcsError.invalidParameter("matchGlob", text);
        }
    }

    private static String regex(String glob) {
        StringBuilder regex = new StringBuilder();
        int braces = 0;
        for (int i = 0; i < glob.length(); i++) {
            char symbol = glob.charAt(i);
            switch (symbol) {
                case '*' -> {
                    boolean deep = glob.startsWith("**", i);
                    regex.append(deep ? ".*" : "[^/]*");
                    i += deep ? 1 : 0;
                }
                case '?' -> regex.append("[^/]");
                case '[' -> regex.append(glob.startsWith("[!", i) ? "[^" : "[");
                case '!' -> regex.append(i > 0 && glob.charAt(i - 1) == '[' ? "" : "!");
                case ']', '-' -> regex.append(symbol);
                case '{' -> {
                    braces++;
                    regex.append("(?:");
                }
                case '}' -> {
                    braces--;
                    regex.append(')');
                }
                case ',' -> regex.append(braces > 0 ? "|" : ",");
                default -> regex.append(Pattern.quote(Character.toString(symbol)));
            }
        }
        return regex.toString();
    }

    boolean matches(String name) {
        return pattern == null || pattern.matcher(name).matches();
    }
}
