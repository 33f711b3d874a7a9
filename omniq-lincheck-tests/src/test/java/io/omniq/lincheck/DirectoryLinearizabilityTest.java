/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.lincheck;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.omniq.backend.file.Durability;
import io.omniq.backend.file.FileLayout;
import io.omniq.store.ObjectStore;
import io.omniq.store.Write;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two handles on one directory, and the same with a gap between look and write, which must be noticed. Real races only:
 * what a disk does cannot be put into another order at will.
 */
class DirectoryLinearizabilityTest {
    /** More scenarios than it takes to meet a fault: the check ends at the first one. */
    private static final int ENOUGH = 500;

    @TempDir
    Path root;

    @ParameterizedTest
    @CsvSource({"PLAIN, PROCESS_CRASH", "PLAIN, POWER_LOSS", "JOURNAL, PROCESS_CRASH", "JOURNAL, POWER_LOSS"})
    void racingThreadsHaveAnOrder(FileLayout layout, Durability durability) {
        try (Disk disk = Disk.mount(root, layout, durability)) {
            // Flushing to the disk takes milliseconds for each write.
            stress().iterations(durability == Durability.POWER_LOSS ? 4 : 15).check(Sound.class);
        }
    }

    @ParameterizedTest
    @MethodSource
    void racingThreadsNoticeAGapBetweenLookAndWrite(FileLayout layout, Class<?> broken) {
        try (Disk disk = Disk.mount(root, layout, Durability.PROCESS_CRASH)) {
            assertThatExceptionOfType(LincheckAssertionError.class)
                    .isThrownBy(() -> stress().iterations(ENOUGH).check(broken))
                    .withMessageContaining("Invalid execution results");
        }
    }

    static Stream<Arguments> racingThreadsNoticeAGapBetweenLookAndWrite() {
        return Arrays.stream(FileLayout.values())
                .flatMap(layout -> Stream.of(LookThenCreate.class, LookThenReplace.class, LookThenDelete.class)
                        .map(broken -> Arguments.of(layout, broken)));
    }

    private static StressOptions stress() {
        return new StressOptions()
                .sequentialSpecification(StoreModel.class)
                .invocationsPerIteration(50)
                .minimizeFailedScenario(false)
                .threads(StoreOperations.RACING)
                .actorsBefore(1)
                .actorsPerThread(3)
                .actorsAfter(1);
    }

    private static List<ObjectStore> broken(Write.Kind kind) {
        List<ObjectStore> stores = new ArrayList<>();
        for (ObjectStore handle : Disk.mounted().handles()) {
            stores.add(new BrokenStore(handle, Set.of(kind), BrokenStore::dawdle));
        }
        return stores;
    }

    private abstract static class Operations extends StoreOperations {
        Operations(List<ObjectStore> handles) {
            super(handles, Disk.mounted().freshDirectory());
        }
    }

    /** The store itself. */
    public static final class Sound extends Operations {
        public Sound() {
            super(Disk.mounted().handles());
        }
    }

    /** Two creates of one key may both be applied. */
    public static final class LookThenCreate extends Operations {
        public LookThenCreate() {
            super(broken(Write.Kind.CREATE));
        }
    }

    /** Updates get lost. */
    public static final class LookThenReplace extends Operations {
        public LookThenReplace() {
            super(broken(Write.Kind.REPLACE));
        }
    }

    /** A delete may hit what it has not seen. */
    public static final class LookThenDelete extends Operations {
        public LookThenDelete() {
            super(broken(Write.Kind.DELETE));
        }
    }
}
