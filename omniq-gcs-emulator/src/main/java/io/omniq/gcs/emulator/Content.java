/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The bytes of an object with their checksums. Immutable: nobody writes into the bytes. */
final class Content {
    private final byte[] bytes;
    private final String crc32c;
    private final @Nullable String md5;
    private final int components;

    private Content(byte[] bytes, @Nullable String md5, int components) {
        this.bytes = bytes;
        this.crc32c = crc32c(bytes);
        this.md5 = md5;
        this.components = components;
    }

    static Content uploaded(byte[] bytes) {
        return new Content(bytes, md5(bytes), 0);
    }

    /** As on GCS, composed content has no MD5. */
    static Content composed(byte[] bytes, int components) {
        return new Content(bytes, null, components);
    }

    private static String crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) crc.getValue())
                        .array());
    }

    private static String md5(byte[] bytes) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return bytes.length;
    }

    String crc32c() {
        return crc32c;
    }

    @Nullable
    String md5() {
        return md5;
    }

    /** How many objects it was composed of; 0 if it was uploaded. */
    int components() {
        return components;
    }

    /** Throws when the client expected other bytes; it says so in base64. */
    void requireCrc32c(String expected) {
        if (!expected.equals(crc32c)) {
            throw GcsError.invalid(
                    "Provided CRC32C \"" + expected + "\" doesn't match calculated CRC32C \"" + crc32c + "\".");
        }
    }

    /** Throws when the client expected other bytes; it says so in base64. */
    void requireMd5(String expected) {
        if (!expected.equals(md5(bytes))) {
            throw GcsError.invalid(
                    "Provided MD5 hash \"" + expected + "\" doesn't match calculated MD5 hash \"" + md5(bytes) + "\".");
        }
    }

    /** Checks the hashes of an {@code X-Goog-Hash} header. */
    void requireHashes(String header) {
        for (String hash : header.split(",", -1)) {
            String trimmed = hash.trim();
            if (trimmed.startsWith("crc32c=")) {
                requireCrc32c(trimmed.substring("crc32c=".length()));
            } else if (trimmed.startsWith("md5=")) {
                requireMd5(trimmed.substring("md5=".length()));
            }
        }
    }
}
