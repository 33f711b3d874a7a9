/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import io.omniq.OmniQException;
import org.jspecify.annotations.Nullable;

/**
 * A stored object is there but cannot be understood: its JSON is damaged, a field is missing or wrong, or a newer
 * release wrote it. OmniQ sets damaged objects aside under {@code locks/quarantine/} where it meets them in its own
 * work, and leaves newer ones alone.
 */
public class UnreadableRecordException extends OmniQException {
    private static final long serialVersionUID = 1L;

    private final String key;
    private final boolean newerFormat;

    /**
     * A damaged object.
     *
     * @param key its key
     * @param reason what is wrong with it
     * @param cause the parser's complaint, may be {@code null}
     */
    public UnreadableRecordException(String key, String reason, @Nullable Throwable cause) {
        super("unreadable record: " + reason + ": key=" + key, cause);
        this.key = key;
        this.newerFormat = false;
    }

    /**
     * An object of a newer format.
     *
     * @param key its key
     * @param format its format
     * @param supported the newest format this release reads
     */
    public UnreadableRecordException(String key, int format, int supported) {
        super("the record was written by a newer release of OmniQ; upgrade this process: key=" + key + " format="
                + format + " supported=" + supported);
        this.key = key;
        this.newerFormat = true;
    }

    /** {@return the object's key} */
    public String key() {
        return key;
    }

    /** {@return whether a newer release wrote it; it is left alone then} */
    public boolean newerFormat() {
        return newerFormat;
    }
}
