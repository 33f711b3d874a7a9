/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** How files are read; a seam for tests. */
@FunctionalInterface
interface FileOpener {
    InputStream open(Path file) throws IOException;
}
