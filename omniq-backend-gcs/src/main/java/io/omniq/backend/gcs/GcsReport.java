/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@link GcsBackend#check()} found.
 *
 * @param steps what was tried, in order, each with {@code ok} or what went wrong
 * @param bucket the bucket's settings that matter, as far as they could be read
 * @param missingPermissions permissions that the credentials lack, as far as the service tells
 * @param advice what should be changed
 * @param lifecycle a lifecycle configuration for this bucket, see {@link #lifecycleRule(String)}
 */
public record GcsReport(
        Map<String, String> steps,
        Map<String, String> bucket,
        List<String> missingPermissions,
        List<String> advice,
        String lifecycle) {
    /** The text of a step that worked. */
    static final String OK = "ok";

    private static final int DAYS = 30;
    private static final int HOURS = 24;
    private static final double DOLLARS_A = 5 / 1e6;
    private static final double DOLLARS_B = 0.4 / 1e6;
    /** The budget of a single task, which tests hold. */
    private static final double TASK_A = 4.2;

    private static final double TASK_B = 1.1;
    /** The budget of an idle worker in an hour. */
    private static final double IDLE_A = 1000;

    private static final double IDLE_B = 1500;
    private static final List<Long> SHOWN_LOADS = List.of(1_000L, 100_000L, 1_000_000L);
    private static final int SHOWN_WORKERS = 2;

    /** Copies the collections, in their order. */
    public GcsReport {
        steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
        bucket = Collections.unmodifiableMap(new LinkedHashMap<>(bucket));
        missingPermissions = List.copyOf(missingPermissions);
        advice = List.copyOf(advice);
    }

    /** {@return whether OmniQ can work with this bucket} */
    public boolean isUsable() {
        return steps.values().stream().allMatch(OK::equals);
    }

    /**
     * What a load costs, in US dollars per month, by the prices of a single-region Standard bucket of November 2026: 5 for a million
     * class A operations, 0.40 for a million of class B.
     *
     * @param tasksPerDay how many tasks
     * @param workers how many worker processes, with default settings
     * @return the estimate, without storage and network
     */
    public static double estimatedMonthlyCost(long tasksPerDay, int workers) {
        double tasks = tasksPerDay * DAYS * (TASK_A * DOLLARS_A + TASK_B * DOLLARS_B);
        double idle = workers * DAYS * HOURS * (IDLE_A * DOLLARS_A + IDLE_B * DOLLARS_B);
        return tasks + idle;
    }

    /**
     * A lifecycle configuration that removes what is left of results and events, as a backstop of OmniQ's own retention.
     *
     * @param prefix the backend's prefix
     * @return JSON for {@code gcloud storage buckets update --lifecycle-file}
     */
    public static String lifecycleRule(String prefix) {
        return """
                {"lifecycle": {"rule": [
                  {"action": {"type": "Delete"}, "condition": {"age": 37, "matchesPrefix": ["%1$sresults/"]}},
                  {"action": {"type": "Delete"}, "condition": {"age": 14, "matchesPrefix": ["%1$sevents/"]}}
                ]}}
                """.formatted(prefix);
    }

    /** {@return the report as text for people, with recommended settings and an estimate of the cost} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        steps.forEach((step, outcome) -> line(text, step + ": " + outcome));
        bucket.forEach((name, value) -> line(text, name + " = " + value));
        missingPermissions.forEach(permission -> line(text, "missing permission: " + permission));
        advice.forEach(one -> line(text, "advice: " + one));
        line(
                text,
                "recommended: one region near the workers, storage class STANDARD, uniform access, and neither versioning,");
        line(text, "    soft delete nor retention; the role roles/storage.objectUser; this lifecycle:");
        text.append(lifecycle);
        line(
                text,
                "    (leave results/ out unless workers run all the time and resultTtl is at most 30 days: a task whose");
        line(text, "    result a rule removed would run again)");
        line(text, "estimated cost, US dollars per month, without storage and network:");
        for (long tasks : SHOWN_LOADS) {
            line(
                    text,
                    String.format(
                            Locale.ROOT,
                            "    %,d tasks a day, %d workers: %.2f",
                            tasks,
                            SHOWN_WORKERS,
                            estimatedMonthlyCost(tasks, SHOWN_WORKERS)));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }
}
