/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.store;

import io.omniq.InvalidNameException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The rules every key obeys, and the order every listing has. */
public final class ObjectKeys {
    /** The longest key, in UTF-8 bytes: the limit of Google Cloud Storage. */
    public static final int MAX_BYTES = 1024;

    /**
     * UTF-8 byte order. It differs from {@link String#compareTo} where surrogate pairs meet characters above U+D7FF.
     */
    public static final Comparator<String> ORDER = ObjectKeys::compareUtf8;

    private ObjectKeys() {}

    /**
     * Returns the key unchanged when it is usable in every store.
     *
     * @param key segments joined by {@code /}; no segment empty, {@code .} or {@code ..}; no control characters, no
     *     unpaired surrogates, at most {@value #MAX_BYTES} UTF-8 bytes
     * @return the same key
     * @throws InvalidNameException when the key breaks one of these rules
     */
    public static String requireValid(String key) {
        Objects.requireNonNull(key, "key");
        if (key.isEmpty()) {
            throw new InvalidNameException("object key must not be empty");
        }
        int from = 0;
        while (from <= key.length()) {
            int slash = key.indexOf('/', from);
            int end = slash < 0 ? key.length() : slash;
            if (isReserved(key, from, end)) {
                throw new InvalidNameException(
                        "object key must not contain empty, '.' or '..' segments: key=" + printable(key));
            }
            from = end + 1;
        }
        requireCleanCharacters(key);
        int bytes = key.length() * 3 <= MAX_BYTES ? 0 : key.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new InvalidNameException("object key is too long: bytes=" + bytes + " limit=" + MAX_BYTES);
        }
        return key;
    }

    /**
     * Refuses a group of writes that cannot be sent as one.
     *
     * @param writes the group
     * @throws InvalidNameException when a key is invalid
     * @throws IllegalArgumentException when a key is named twice
     */
    public static void requireDistinct(List<Write> writes) {
        Set<String> keys = new HashSet<>();
        for (Write write : writes) {
            if (!keys.add(requireValid(write.key()))) {
                throw new IllegalArgumentException("a group may not name a key twice: key=" + write.key());
            }
        }
    }

    private static void requireCleanCharacters(String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (Character.isISOControl(c)) {
                throw new InvalidNameException(
                        "object key must not contain control characters: key=" + printable(key) + " index=" + i);
            }
            if (Character.isHighSurrogate(c) && i + 1 < key.length() && Character.isLowSurrogate(key.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new InvalidNameException("object key must be valid Unicode: unpaired surrogate at index=" + i);
            }
        }
    }

    private static boolean isReserved(String key, int from, int end) {
        return switch (end - from) {
            case 0 -> true;
            case 1 -> key.charAt(from) == '.';
            case 2 -> key.startsWith("..", from);
            default -> false;
        };
    }

    private static String printable(String key) {
        return key.replaceAll("\\p{Cntrl}", "?");
    }

    private static int compareUtf8(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return Integer.compare(rank(x), rank(y));
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** Surrogates encode code points above U+FFFF, so they rank above every other UTF-16 unit. */
    private static int rank(char c) {
        return Character.isSurrogate(c) ? c + 0x10000 : c;
    }
}
