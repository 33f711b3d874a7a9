/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void onlyTheCountOfCostsLooksInsideOmniQ() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.omniq.benchmarks.cost..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.omniq.internal..")
                .check(CLASSES);
    }

    @Test
    void onlyTheComparisonKnowsThePeers() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.omniq.benchmarks.peers..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.jobrunr..", "com.github.kagkarlsson..", "org.quartz..")
                .check(CLASSES);
    }
}
