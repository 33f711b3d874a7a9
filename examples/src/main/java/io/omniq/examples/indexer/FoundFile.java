/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.HexFormat;

/**
 * A file as it stands now.
 *
 * @param uri where it is
 * @param bytes how long it is
 * @param modified when it was last changed
 */
record FoundFile(URI uri, long bytes, FileTime modified) {
    /**
     * The id of the task that indexes the file as it stands now: always the same one, so that no run enqueues it twice, and
     * another one when the file has changed.
     */
    String taskId() {
        String canonical = String.join("\n", "examples.index 1", uri.toString(), bytes + "", modified.toString());
        return HexFormat.of().formatHex(ContentCount.sha256().digest(canonical.getBytes(StandardCharsets.UTF_8)));
    }
}
