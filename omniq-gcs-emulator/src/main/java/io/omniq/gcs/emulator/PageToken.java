/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * How far a listing got. Opaque to clients. It names a place, not a snapshot: what is created behind it is still seen.
 *
 * @param name the last name, or the last folder
 * @param generation the last generation of that name; {@link #FOLDER} for a folder
 */
record PageToken(String name, long generation) {
    private static final long FOLDER = -1;

    static PageToken afterGeneration(Blob blob) {
        return new PageToken(blob.name(), blob.generation());
    }

    /** Whatever becomes of this name between two pages, it does not come again. */
    static PageToken afterName(Blob blob) {
        return new PageToken(blob.name(), Long.MAX_VALUE);
    }

    static PageToken before(String name) {
        return new PageToken(name, 0);
    }

    static PageToken afterFolder(String folder) {
        return new PageToken(folder, FOLDER);
    }

    static PageToken parse(String text) {
        try {
            String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            int colon = plain.indexOf(':');
            if (colon > 0) {
                return new PageToken(plain.substring(colon + 1), Long.parseLong(plain.substring(0, colon)));
            }
            throw stale();
        } catch (IllegalArgumentException e) {
            throw stale();
        }
    }

    static GcsError stale() {
        return GcsError.invalid("Invalid page token.");
    }

    String text() {
        return Base64.getUrlEncoder().encodeToString((generation + ":" + name).getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the object was on an earlier page, or would have been. */
    boolean covers(Blob blob) {
        int order = Names.UTF8_ORDER.compare(blob.name(), name);
        if (generation == FOLDER) {
            return order < 0 || blob.name().startsWith(name);
        }
        return order < 0 || (order == 0 && blob.generation() <= generation);
    }
}
