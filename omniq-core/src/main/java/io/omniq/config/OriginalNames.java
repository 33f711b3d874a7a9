/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names that the original has, and this has not: what to do instead. Who moves over gets an answer in place of a riddle. */
final class OriginalNames {
    private static final Map<String, String> REMEDIES = remedies();

    private OriginalNames() {}

    /** The remedy for a key of a file or for a variable, by the whole key or by its last part. */
    static @Nullable String remedy(String key) {
        String name =
                key.startsWith("OMNIQ_") ? key.substring("OMNIQ_".length()).toLowerCase(Locale.ROOT) : key;
        String whole = REMEDIES.get(name);
        int dot = name.lastIndexOf('.');
        return whole != null || dot < 0 ? whole : REMEDIES.get("*" + name.substring(dot));
    }

    private static Map<String, String> remedies() {
        Map<String, String> remedies = new HashMap<>();
        String logging = "logging is set up with the SLF4J provider, for io.omniq";
        for (String name : new String[] {"log_level", "disable_logging", "component_log_levels"}) {
            remedies.put(name, logging);
        }
        section(remedies, "tasks", "task_queue_backend", "task_queue");
        section(remedies, "results", "result_storage_backend", "result_storage", "result_store");
        section(remedies, "events", "event_storage_backend", "event_storage", "event_store");
        section(remedies, "schedules", "schedule_storage_backend", "schedule_storage", "schedule_store");
        remedies.put("*.backend_type", "here it is called type");
        remedies.put("*.config", "here it is called options");
        remedies.put("project_name", "projects are kept apart by their directory or prefix");
        remedies.put("s3_bucket", "there is no S3 backend");
        remedies.put("s3_prefix", "there is no S3 backend");
        remedies.put("process_workers", "there are no worker processes; start the program several times");
        task(remedies, "timeout = …", "task_timeout", "*.task_timeout");
        task(remedies, "ttl = …", "task_ttl", "default_ttl");
        task(remedies, "maxAttempts = …", "retry_attempts", "*.max_retries");
        task(remedies, "retryDelay = …", "retry_delay", "*.retry_delay");
        task(remedies, "queue = …", "default_queue");
        task(remedies, "priority = …", "global_default_priority");
        remedies.put("default_result_ttl", "here it is called result_ttl");
        remedies.put(
                "queues", "a queue has no settings here, a task has: @Task; what a worker serves is worker.queues");
        String fixed = "priorities are -100 to 100 everywhere";
        remedies.put("global_max_priority", fixed);
        remedies.put("global_min_priority", fixed);
        String routing = "use worker.queues for a strict order, worker.queue_priorities for weights";
        remedies.put("enable_cross_queue_routing", routing);
        remedies.put("queue_routing_strategy", routing);
        remedies.put("*.batch_size", "a worker takes as many tasks as it has free slots");
        remedies.put("*.metrics_enabled", "OmniQ.status() is always there");
        return remedies;
    }

    private static void section(Map<String, String> remedies, String here, String... names) {
        for (String name : names) {
            remedies.put(name, "here the section is called " + here + ", with type, url and options");
        }
    }

    private static void task(Map<String, String> remedies, String attribute, String... names) {
        for (String name : names) {
            remedies.put(name, "it is a task's: @Task(" + attribute + ") or TaskOptions");
        }
    }
}
