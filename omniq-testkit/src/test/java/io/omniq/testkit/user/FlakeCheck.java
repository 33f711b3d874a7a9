/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit.user;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs the test kit's own suite again and again in one JVM, while other threads keep every processor busy: a test that depends on
 * how fast something is fails sooner or later. The last line is a JSON object; the exit status says whether anything failed.
 */
public final class FlakeCheck {
    private FlakeCheck() {}

    /** Takes {@code --times N}, default 1,000, and {@code --burners N}, default one for each processor. */
    public static void main(String[] args) {
        Map<String, Integer> options = options(args);
        int times = options.getOrDefault("--times", 1000);
        AtomicBoolean over = new AtomicBoolean();
        int burners = options.getOrDefault("--burners", Runtime.getRuntime().availableProcessors());
        startBurners(burners, over);
        long started = System.nanoTime();
        long tests = 0;
        List<String> failures = new ArrayList<>();
        int done = 0;
        while (done < times && failures.isEmpty()) {
            TestExecutionSummary summary = runOnce();
            done++;
            tests += summary.getTestsSucceededCount();
            summary.getFailures().forEach(failure -> {
                failures.add(failure.getTestIdentifier().getDisplayName());
                failure.getException().printStackTrace();
            });
            if (summary.getTestsSucceededCount() == 0 || summary.getTestsAbortedCount() > 0) {
                failures.add("tests were found=" + summary.getTestsFoundCount() + " skipped="
                        + summary.getTestsAbortedCount());
            }
            if (done % 100 == 0) {
                System.err.println("runs=" + done);
            }
        }
        over.set(true);
        System.out.printf(
                Locale.ROOT,
                "{\"runs\": %d, \"tests\": %d, \"failures\": %d, \"burners\": %d, \"seconds\": %d}%n",
                done,
                tests,
                failures.size(),
                burners,
                (System.nanoTime() - started) / 1_000_000_000);
        System.exit(failures.isEmpty() ? 0 : 1);
    }

    private static Map<String, Integer> options(String[] args) {
        Map<String, Integer> options = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            boolean known = args[i].equals("--times") || args[i].equals("--burners");
            if (!known || i + 1 == args.length || !args[i + 1].matches("[0-9]{1,6}")) {
                System.err.println(
                        "usage: flake-check [--times N] [--burners N], N from 0 to 999999: arguments=" + List.of(args));
                System.exit(2);
            }
            options.put(args[i], Integer.parseInt(args[i + 1]));
        }
        return options;
    }

    private static void startBurners(int count, AtomicBoolean over) {
        for (int i = 0; i < count; i++) {
            Thread burner = new Thread(
                    () -> {
                        double sum = 0;
                        while (!over.get()) {
                            sum = Math.sin(sum + 1);
                        }
                    },
                    "burner-" + i);
            burner.setDaemon(true);
            burner.start();
        }
    }

    private static TestExecutionSummary runOnce() {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(
                        selectPackage("io.omniq.testkit.user"),
                        selectClass("io.omniq.testkit.OmniQExtensionTest"),
                        selectClass("io.omniq.testkit.TestClockTest"))
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        Launcher launcher = LauncherFactory.create();
        launcher.execute(request, listener);
        return listener.getSummary();
    }
}
