/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Counts and hashes content piece by piece. Works on bytes, so that any file will do. */
final class ContentCount {
    private final MessageDigest sha256 = sha256();
    private long lines;
    private long words;
    private long bytes;
    private boolean inWord;

    void add(byte[] buffer, int length) {
        for (int i = 0; i < length; i++) {
            byte b = buffer[i];
            boolean space = b == ' ' || (b >= '\t' && b <= '\r');
            lines += b == '\n' ? 1 : 0;
            words += !space && !inWord ? 1 : 0;
            inWord = !space;
        }
        sha256.update(buffer, 0, length);
        bytes += length;
    }

    /** The end: the counts of everything that was added. */
    FileIndex toIndex(String path) {
        return new FileIndex(path, lines, words, bytes, HexFormat.of().formatHex(sha256.digest()));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
