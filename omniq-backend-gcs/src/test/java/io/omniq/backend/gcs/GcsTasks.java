/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import io.omniq.model.NewTask;

/** Tasks for the tests. */
final class GcsTasks {
    private GcsTasks() {}

    static NewTask task(String name) {
        return NewTask.of(name);
    }
}
