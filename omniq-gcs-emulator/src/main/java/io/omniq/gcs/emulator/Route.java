/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

/**
 * What a request is about. Texts that do not matter are empty.
 *
 * @param object the object, or the source of a copy or a move
 * @param targetBucket of a copy
 * @param target the name a copy or a move leads to
 */
record Route(GcsMethod method, String bucket, String object, String targetBucket, String target) {
    static Route of(GcsMethod method) {
        return bucket(method, "");
    }

    static Route bucket(GcsMethod method, String bucket) {
        return object(method, bucket, "");
    }

    static Route object(GcsMethod method, String bucket, String object) {
        return new Route(method, bucket, object, "", "");
    }

    GcsCall call(Parameters parameters) {
        String name = target.isEmpty() ? object : target;
        if (method == GcsMethod.OBJECTS_LIST) {
            name = parameters.text("prefix");
        }
        return new GcsCall(method, targetBucket.isEmpty() ? bucket : targetBucket, name, parameters.firsts());
    }
}
