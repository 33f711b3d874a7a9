/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StoredObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.CRC32C;

/** Sets damaged objects aside with their bytes, so that nothing loops over them and nothing is lost. */
final class Quarantine {
    private final ReliableStore store;
    private final Nonces nonces;
    private final Tally tally;

    Quarantine(ReliableStore store, Nonces nonces, Tally tally) {
        this.store = store;
        this.nonces = nonces;
        this.tally = tally;
    }

    /** Reads an object; when it cannot be understood, deals with it and answers empty. */
    <T> Optional<T> readable(StoredObject object, Function<StoredObject, T> reader) {
        try {
            return Optional.of(reader.apply(object));
        } catch (UnreadableRecordException e) {
            setAside(object, e);
            return Optional.empty();
        }
    }

    /** Moves a damaged object away; one of a newer format is left alone. Both are reported. */
    void setAside(StoredObject object, UnreadableRecordException reason) {
        if (reason.newerFormat()) {
            tally.newerFormat(object.key(), reason);
            return;
        }
        String target = Layout.QUARANTINE + name(object) + ".json";
        ObjectNode record = Json.record();
        record.put("key", object.key());
        record.put("reason", String.valueOf(reason.getMessage()));
        record.put("updated", object.updated().toString());
        putBytes(record, object.body());
        // The copy first: a crash in between leaves both, and the same name is used again.
        store.write(Draft.create(target, record, nonces.next()));
        store.write(Draft.delete(object.key(), object.version()));
        tally.quarantined(object.key(), target, reason);
    }

    private static void putBytes(ObjectNode record, byte[] body) {
        try {
            record.put(
                    "body",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(body))
                            .toString());
        } catch (CharacterCodingException e) {
            record.put("body_base64", Base64.getEncoder().encodeToString(body));
        }
    }

    private static String name(StoredObject object) {
        CRC32C crc = new CRC32C();
        crc.update(object.key().getBytes(StandardCharsets.UTF_8));
        long ofKey = crc.getValue();
        crc.update(object.body());
        return HexFormat.of().toHexDigits((int) ofKey) + HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
