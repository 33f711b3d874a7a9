/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

/** The same with a journal. */
class JournalProcessesTest extends DirectoryProcessesTest {
    @Override
    FileLayout layout() {
        return FileLayout.JOURNAL;
    }
}
