/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.examples.Printed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexBucketTest {
    @Test
    void indexesADirectoryWithItsTasksInAnEmulatedBucket(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("a.txt"), "one\ntwo\n");
        Files.writeString(directory.resolve("b.txt"), "three\n");

        List<String> printed = Printed.by(() -> IndexBucket.main(new String[] {directory.toString()}));

        assertThat(printed.get(0)).isEqualTo("files=2 lines=3");
        assertThat(printed.get(1)).startsWith("billed: class A=");
    }
}
