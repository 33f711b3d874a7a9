/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

/** The methods of the JSON API the emulator knows, each with what Google bills for it. */
public enum GcsMethod {
    /** Metadata of one bucket. */
    BUCKETS_GET(Billing.CLASS_B),
    /** A new bucket. */
    BUCKETS_INSERT(Billing.CLASS_A),
    /** The buckets there are. */
    BUCKETS_LIST(Billing.CLASS_A),
    /** Changed settings of a bucket. */
    BUCKETS_PATCH(Billing.CLASS_A),
    /** The end of an empty bucket. */
    BUCKETS_DELETE(Billing.FREE),
    /** Which permissions the caller has; here always all. */
    BUCKETS_TEST_PERMISSIONS(Billing.CLASS_B),
    /** An upload in one request, media or multipart. */
    OBJECTS_INSERT(Billing.CLASS_A),
    /** Metadata of one object. */
    OBJECTS_GET(Billing.CLASS_B),
    /** The content of one object. */
    OBJECTS_DOWNLOAD(Billing.CLASS_B),
    /** One page of a listing. */
    OBJECTS_LIST(Billing.CLASS_A),
    /** Metadata changed in part. */
    OBJECTS_PATCH(Billing.CLASS_A),
    /** Metadata replaced. */
    OBJECTS_UPDATE(Billing.CLASS_A),
    /** The end of one object. */
    OBJECTS_DELETE(Billing.FREE),
    /** A copy in one step. */
    OBJECTS_COPY(Billing.CLASS_A),
    /** A copy that may take several steps; here always one. */
    OBJECTS_REWRITE(Billing.CLASS_A),
    /** Objects joined to one. */
    OBJECTS_COMPOSE(Billing.CLASS_A),
    /** Another name within the bucket. */
    OBJECTS_MOVE(Billing.CLASS_A),
    /** A soft-deleted object brought back. */
    OBJECTS_RESTORE(Billing.CLASS_A),
    /** The start of a resumable upload. */
    UPLOAD_START(Billing.FREE),
    /** A piece of a resumable upload, or the question how much arrived. Only the one that ends the upload is billed. */
    UPLOAD_CHUNK(Billing.CLASS_A),
    /** A resumable upload given up. */
    UPLOAD_CANCEL(Billing.FREE),
    /** The envelope of a batch; the calls in it are counted by themselves. */
    BATCH(Billing.FREE),
    /** A request that is none of these. */
    UNKNOWN(Billing.FREE);

    private final Billing billing;

    GcsMethod(Billing billing) {
        this.billing = billing;
    }

    /** {@return what a successful call costs} */
    public Billing billing() {
        return billing;
    }

    /** The price classes of operations. */
    public enum Billing {
        /** Writes and listings. */
        CLASS_A,
        /** Reads. */
        CLASS_B,
        /** Deletes, and what fails. */
        FREE
    }
}
