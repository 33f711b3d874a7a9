/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.Storage.BlobWriteOption;
import io.omniq.store.Write;
import java.io.ByteArrayInputStream;

/**
 * Sends a body with one request, under the condition that a generation is the object's; 0 stands for none. Bodies are small:
 * packing them costs more than it saves.
 */
final class Uploads {
    private final GcsConsistency consistency;

    Uploads(GcsConsistency consistency) {
        this.consistency = consistency;
    }

    Blob send(Storage storage, BlobId id, Write write, long generation) {
        BlobInfo.Builder info =
                BlobInfo.newBuilder(id).setContentType("application/json").setMetadata(write.attributes());
        if (consistency == GcsConsistency.MD5) {
            return sendWithMd5(storage, info.setMd5(Checksums.md5(write.body())).build(), write.body(), generation);
        }
        if (consistency == GcsConsistency.CRC32C) {
            info.setCrc32c(Checksums.crc32c(write.body())); // this client adds it by itself, whatever was asked for
        }
        return storage.create(
                info.build(),
                write.body(),
                BlobTargetOption.generationMatch(generation),
                BlobTargetOption.disableGzipContent());
    }

    /** With a body in an array the client drops the MD5, and sends a CRC32C; so this is the only way to send one. */
    @SuppressWarnings("deprecation") // for streams that cannot be sent twice, which this one need not be
    private static Blob sendWithMd5(Storage storage, BlobInfo info, byte[] body, long generation) {
        return storage.create(
                info,
                new ByteArrayInputStream(body),
                BlobWriteOption.generationMatch(generation),
                BlobWriteOption.md5Match(),
                BlobWriteOption.disableGzipContent());
    }
}
