/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Files to index, and what to expect of them, computed in another way than the program's. */
record Tree(Path root) {
    Path write(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    void writeMany(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            write("d" + i % 7 + "/f" + i + ".txt", "file number " + i + "\n");
        }
    }

    static FileIndex expected(Path file) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String words = text.replaceAll("[ \\t\\n\\x0B\\f\\r]+", " ").strip();
        return new FileIndex(
                file.toString(),
                text.chars().filter(c -> c == '\n').count(),
                words.isEmpty() ? 0 : words.split(" ").length,
                bytes.length,
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    }
}
