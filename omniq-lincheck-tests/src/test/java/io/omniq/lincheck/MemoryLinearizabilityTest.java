/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.lincheck;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import io.omniq.store.MemoryObjectStore;
import io.omniq.store.ObjectKeys;
import io.omniq.store.ObjectStore;
import io.omniq.store.Write;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store in memory, and the same store with a gap between look and write, which must be noticed. */
class MemoryLinearizabilityTest {
    /** More scenarios than it takes to meet a fault: the check ends at the first one. */
    private static final int ENOUGH = 500;

    @Test
    void everyInterleavingHasAnOrder() {
        modelChecking().check(Sound.class);
    }

    @Test
    void racingThreadsHaveAnOrder() {
        stress().check(Sound.class);
    }

    @Test
    void modelCheckingNoticesAGapBetweenLookAndWrite() {
        assertThatExceptionOfType(LincheckAssertionError.class)
                .isThrownBy(() -> modelChecking().iterations(ENOUGH).check(LookThenWrite.class))
                .withMessageContaining("Invalid execution results");
    }

    @ParameterizedTest
    @ValueSource(classes = {LookThenCreate.class, LookThenReplace.class, LookThenDelete.class})
    void racingThreadsNoticeAGapBetweenLookAndWrite(Class<?> broken) {
        assertThatExceptionOfType(LincheckAssertionError.class)
                .isThrownBy(() -> stress().iterations(ENOUGH).check(broken))
                .withMessageContaining("Invalid execution results");
    }

    private static ModelCheckingOptions modelChecking() {
        return new ModelCheckingOptions()
                .sequentialSpecification(StoreModel.class)
                .addGuarantee(forClasses(Notes.class.getName(), ObjectKeys.class.getName())
                        .allMethods()
                        .ignore())
                .addGuarantee(forClasses(name -> name.startsWith(ConcurrentSkipListMap.class.getName()))
                        .allMethods()
                        .treatAsAtomic())
                .iterations(20)
                .invocationsPerIteration(50)
                .minimizeFailedScenario(false)
                .threads(2)
                .actorsBefore(1)
                .actorsPerThread(2)
                .actorsAfter(1);
    }

    private static StressOptions stress() {
        return new StressOptions()
                .sequentialSpecification(StoreModel.class)
                .iterations(30)
                .invocationsPerIteration(1000)
                .minimizeFailedScenario(false)
                .threads(StoreOperations.RACING)
                .actorsBefore(1)
                .actorsPerThread(3)
                .actorsAfter(1);
    }

    private static MemoryObjectStore fresh() {
        return new MemoryObjectStore(InstantSource.fixed(Instant.EPOCH));
    }

    private abstract static class Operations extends StoreOperations {
        Operations(ObjectStore store) {
            super(List.of(store), "test");
        }
    }

    /** The store itself. */
    public static final class Sound extends Operations {
        public Sound() {
            super(fresh());
        }
    }

    /** Nothing is atomic. */
    public static final class LookThenWrite extends Operations {
        public LookThenWrite() {
            super(new BrokenStore(fresh(), EnumSet.allOf(Write.Kind.class), () -> {}));
        }
    }

    /** Two creates of one key may both be applied. */
    public static final class LookThenCreate extends Operations {
        public LookThenCreate() {
            super(new BrokenStore(fresh(), Set.of(Write.Kind.CREATE), BrokenStore::dawdle));
        }
    }

    /** Updates get lost. */
    public static final class LookThenReplace extends Operations {
        public LookThenReplace() {
            super(new BrokenStore(fresh(), Set.of(Write.Kind.REPLACE), BrokenStore::dawdle));
        }
    }

    /** A delete may hit what it has not seen. */
    public static final class LookThenDelete extends Operations {
        public LookThenDelete() {
            super(new BrokenStore(fresh(), Set.of(Write.Kind.DELETE), BrokenStore::dawdle));
        }
    }
}
