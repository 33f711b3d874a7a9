/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.InvalidNameException;
import io.omniq.store.ObjectKeys;
import io.omniq.store.Write;
import java.util.List;

/** Refuses keys that can have no file. The keys of OmniQ itself are found good at one glance. */
final class KeyNames {
    private KeyNames() {}

    /**
     * Refuses a key.
     *
     * @throws InvalidNameException when the key is not valid, belongs to the store itself, or is too long for file names
     */
    static void requireUsable(String key) {
        if (!isPlain(key)) {
            DirectoryLayout.requireUsable(key);
        }
    }

    /** The same for a group, which may not name a key twice. */
    static void requireDistinct(List<Write> writes) {
        boolean pair =
                writes.size() == 2 && !writes.get(0).key().equals(writes.get(1).key());
        if (writes.size() != 1 && !pair) {
            ObjectKeys.requireDistinct(writes);
        }
        for (Write write : writes) {
            requireUsable(write.key());
        }
    }

    /** Whether every segment surely is its own file name on every system. */
    private static boolean isPlain(String key) {
        int length = key.length();
        if (length == 0 || length > FileNames.MAX_BYTES) {
            return false;
        }
        int start = 0;
        for (int i = 0; i < length; i++) {
            char c = key.charAt(i);
            boolean edge = i == start || i == length - 1 || key.charAt(i + 1) == '/';
            if (c == '/') {
                if (i == start) {
                    return false;
                }
                start = i + 1;
            } else if (c == '.' ? edge : !isSafe(c)) {
                return false;
            } else if (i == start + 1 && mayBeDevice(key.charAt(start), c)) {
                return false;
            }
        }
        return start < length;
    }

    private static boolean isSafe(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    }

    /** Whether the first two letters are those of a device of Windows: CON, COM1, PRN, AUX, NUL, LPT1. */
    private static boolean mayBeDevice(char first, char second) {
        return switch (Character.toLowerCase(first)) {
            case 'c' -> second == 'o' || second == 'O';
            case 'p' -> second == 'r' || second == 'R';
            case 'a', 'n' -> second == 'u' || second == 'U';
            case 'l' -> second == 'p' || second == 'P';
            default -> false;
        };
    }
}
