/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.omniq.internal.util.Surroundings;
import io.omniq.storage.BackendAddress;
import io.omniq.storage.BackendProvider;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The rooms of architecture.md, kept. */
class ArchitectureTest {
    private static final String API = "io.omniq";
    private static final String MODEL = "io.omniq.model..";
    private static final String CONFIG = "io.omniq.config..";
    private static final String STORAGE = "io.omniq.storage..";
    private static final String STORE = "io.omniq.store..";
    private static final String INTERNAL = "io.omniq.internal..";
    private static final String PROTOCOL = "io.omniq.internal.protocol..";
    private static final String WORKER = "io.omniq.internal.worker..";
    private static final String UTIL = "io.omniq.internal.util..";

    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target", "classes"));

    private static final DescribedPredicate<JavaClass> EXCEPTIONS_OF_OURS =
            belongToAnyOf(OmniQException.class, InvalidNameException.class);
    private static final DescribedPredicate<JavaClass> OURS = resideInAPackage("io.omniq..");
    /** Where a backend is, and who can open it: settings name it, and open nothing. */
    private static final DescribedPredicate<JavaClass> ADDRESSES =
            belongToAnyOf(BackendAddress.class, BackendProvider.class, BackendProvider.Fault.class);
    /** What stores say and do: the one place that knows clocks is for their owners to choose. */
    private static final DescribedPredicate<JavaClass> MAY_KNOW_THE_CLOCK =
            belongToAnyOf(Surroundings.class, io.omniq.store.MemoryObjectStore.class);

    @Test
    void findsTheClasses() {
        assertThat(CLASSES.size()).isGreaterThan(100);
    }

    @Test
    void storesKnowNothingOfOursButTheRootExceptions() {
        noClasses()
                .that()
                .resideInAPackage(STORE)
                .should()
                .dependOnClassesThat(OURS.and(not(resideInAPackage(STORE))).and(not(EXCEPTIONS_OF_OURS)))
                .check(CLASSES);
    }

    @Test
    void storesDependOnNothingButTheJdkAndAnnotations() {
        classes()
                .that()
                .resideInAPackage(STORE)
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("java..", "org.jspecify..", STORE).or(EXCEPTIONS_OF_OURS))
                .check(CLASSES);
    }

    @Test
    void modelsKnowNoStorage() {
        noClasses()
                .that()
                .resideInAPackage(MODEL)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(STORAGE, STORE, INTERNAL, CONFIG)
                .check(CLASSES);
    }

    @Test
    void settingsKnowOnlyNamesAndAddresses() {
        noClasses()
                .that()
                .resideInAPackage(CONFIG)
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(STORAGE, STORE, INTERNAL).and(not(ADDRESSES)))
                .check(CLASSES);
    }

    @Test
    void onlyFacadeAndStoragesLookInside() {
        noClasses()
                .that()
                .resideOutsideOfPackages(API, STORAGE, INTERNAL)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(INTERNAL)
                .check(CLASSES);
    }

    @Test
    void storagesUseTheProtocolButNoWorker() {
        noClasses()
                .that()
                .resideInAPackage(STORAGE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(WORKER)
                .check(CLASSES);
    }

    @Test
    void theProtocolKnowsNeitherWorkerNorFacade() {
        noClasses()
                .that()
                .resideInAPackage(PROTOCOL)
                .should()
                .dependOnClassesThat(resideInAnyPackage(WORKER, CONFIG)
                        .or(belongToAnyOf(OmniQ.class, AsyncOmniQ.class, OmniQBuilder.class, TaskHandle.class)))
                .check(CLASSES);
    }

    @Test
    void theWorkerReachesStoresThroughTheProtocolOnly() {
        noClasses()
                .that()
                .resideInAPackage(WORKER)
                .should()
                .dependOnClassesThat(
                        resideInAPackage(STORE).and(not(belongToAnyOf(io.omniq.store.StorageException.class))))
                .check(CLASSES);
    }

    @Test
    void utilitiesKnowNobody() {
        noClasses()
                .that()
                .resideInAPackage(UTIL)
                .should()
                .dependOnClassesThat(OURS.and(not(resideInAPackage(UTIL))))
                .check(CLASSES);
    }

    @Test
    void internalRoomsHaveNoCycles() {
        slices().matching("io.omniq.internal.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void nothingIsReadOrWrittenWithJavaSerialization() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        java.io.ObjectInputStream.class, java.io.ObjectOutputStream.class, java.io.Externalizable.class)
                .check(CLASSES);
    }

    @Test
    void nothingEnablesPolymorphicTyping() {
        noClasses()
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "a mapper's default typing is switched on",
                        call -> call.getName().equals("activateDefaultTyping")
                                || call.getName().equals("enableDefaultTyping")))
                .check(CLASSES);
    }

    @Test
    void onlySurroundingsKnowsClocksAndPauses() {
        noClasses()
                .that(not(MAY_KNOW_THE_CLOCK))
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "the process's time is asked for, or a thread sleeps", call -> {
                            String target = call.getTargetOwner().getName() + "." + call.getName();
                            return switch (target) {
                                case "java.lang.System.currentTimeMillis",
                                        "java.lang.System.nanoTime",
                                        "java.lang.Thread.sleep",
                                        "java.util.concurrent.TimeUnit.sleep",
                                        "java.util.concurrent.locks.LockSupport.parkNanos",
                                        "java.time.Clock.systemUTC",
                                        "java.time.Clock.systemDefaultZone" -> true;
                                default ->
                                    call.getTargetOwner().getPackageName().equals("java.time")
                                            && call.getName().equals("now");
                            };
                        }))
                .check(CLASSES);
    }

    @Test
    void onlySurroundingsMakesRandomness() {
        noClasses()
                .that(not(belongToAnyOf(Surroundings.class)))
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        java.util.Random.class,
                        java.security.SecureRandom.class,
                        java.util.concurrent.ThreadLocalRandom.class)
                .check(CLASSES);
    }

    @Test
    void loggersArePrivateAndFinal() {
        fields().that()
                .haveRawType(org.slf4j.Logger.class)
                .should()
                .bePrivate()
                .andShould()
                .beStatic()
                .andShould()
                .beFinal()
                .check(CLASSES);
    }

    @Test
    void noStaticStateCanChange() {
        fields().that()
                .areStatic()
                .and(DescribedPredicate.describe(
                        "are not the compiler's", field -> !field.getModifiers().contains(JavaModifier.SYNTHETIC)))
                .should()
                .beFinal()
                .check(CLASSES);
    }
}
