/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Objects as the API shows them. */
final class BlobJson {
    private BlobJson() {}

    static ObjectNode of(Blob blob, String endpoint) {
        ObjectNode json = Json.object();
        String path = "/storage/v1/b/" + encode(blob.bucket()) + "/o/" + encode(blob.name());
        json.put("kind", "storage#object");
        json.put("id", blob.bucket() + "/" + blob.name() + "/" + blob.generation());
        json.put("selfLink", endpoint + path);
        json.put("mediaLink", endpoint + "/download" + path + "?generation=" + blob.generation() + "&alt=media");
        json.put("name", blob.name());
        json.put("bucket", blob.bucket());
        json.put("generation", Long.toString(blob.generation()));
        json.put("metageneration", Long.toString(blob.metageneration()));
        blob.attributes().writeTo(json);
        content(json, blob.content());
        json.put("etag", etag(blob));
        json.put("timeCreated", Json.time(blob.created()));
        json.put("updated", Json.time(blob.updated()));
        json.put("timeStorageClassUpdated", Json.time(blob.created()));
        json.put("timeFinalized", Json.time(blob.created()));
        if (blob.ended() != null && blob.removed() != null) {
            json.put("softDeleteTime", Json.time(blob.ended()));
            json.put("hardDeleteTime", Json.time(blob.removed()));
        } else if (blob.ended() != null) {
            json.put("timeDeleted", Json.time(blob.ended()));
        }
        return json;
    }

    private static void content(ObjectNode json, Content content) {
        json.put("size", Integer.toString(content.size()));
        json.put("crc32c", content.crc32c());
        if (content.md5() != null) {
            json.put("md5Hash", content.md5());
        }
        if (content.components() > 0) {
            json.put("componentCount", content.components());
        }
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Changes with either generation; the bytes are those of a protocol buffer with the two as fields 1 and 2. */
    static String etag(Blob blob) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0x08);
        varint(bytes, blob.generation());
        bytes.write(0x10);
        varint(bytes, blob.metageneration());
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static void varint(ByteArrayOutputStream bytes, long number) {
        long rest = number;
        while ((rest & ~0x7FL) != 0) {
            bytes.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }
}
