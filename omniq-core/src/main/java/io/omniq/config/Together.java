/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import io.omniq.config.Layer.Value;
import io.omniq.storage.BackendAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What only shows when all sources are put together: values that do not go with each other. */
final class Together {
    private final Map<Setting<?>, Value> given;
    private final Problems problems;

    Together(Map<Setting<?>, Value> given, Problems problems) {
        this.given = given;
        this.problems = problems;
    }

    /** Reports what does not go together, and answers the addresses of the backends that are named. */
    Map<BackendSection, BackendAddress> check() {
        lease();
        queues();
        baseDir();
        return addresses();
    }

    private void lease() {
        Duration least = duration(Setting.HEARTBEAT_INTERVAL).multipliedBy(3);
        if (duration(Setting.LEASE).compareTo(least) < 0) {
            boolean given = this.given.containsKey(Setting.LEASE);
            Setting<Duration> one = given ? Setting.LEASE : Setting.HEARTBEAT_INTERVAL;
            Value value = Objects.requireNonNull(this.given.get(one), one.key());
            problems.value(
                    value.source(),
                    one,
                    value.value(),
                    "worker.lease must be at least 3 times worker.heartbeat_interval, " + least + " here; it is "
                            + duration(Setting.LEASE));
        }
    }

    private Duration duration(Setting<Duration> setting) {
        Value value = given.get(setting);
        return value == null ? setting.byDefault().orElseThrow() : (Duration) value.value();
    }

    private void queues() {
        Value order = given.get(Setting.WORKER_QUEUES);
        Value weights = given.get(Setting.WORKER_QUEUE_PRIORITIES);
        if (order != null
                && weights != null
                && !((Collection<?>) order.value()).isEmpty()
                && !((Map<?, ?>) weights.value()).isEmpty()) {
            problems.value(
                    weights.source(),
                    Setting.WORKER_QUEUE_PRIORITIES,
                    weights.value(),
                    "cannot be given together with worker.queues (" + order.source()
                            + "); leave one of them out, or empty");
        }
    }

    private void baseDir() {
        Value base = given.get(Setting.BASE_DIR);
        if (base != null && BackendSection.ALL.stream().noneMatch(section -> section.usesBaseDir(given))) {
            problems.value(
                    base.source(),
                    Setting.BASE_DIR,
                    base.value(),
                    "is of no use, because no backend of type file is without a URL; leave it out");
        }
    }

    private Map<BackendSection, BackendAddress> addresses() {
        Map<BackendSection, BackendAddress> addresses = new LinkedHashMap<>();
        Map<URI, BackendAddress> byUrl = new HashMap<>();
        for (BackendSection section : BackendSection.ALL) {
            section.address(given, problems).ifPresent(address -> {
                addresses.put(section, address);
                BackendAddress first = byUrl.putIfAbsent(address.url(), address);
                if (first != null && !first.equals(address)) {
                    problems.value(
                            source(section),
                            section.options(),
                            address.options(),
                            "the same URL is named elsewhere with other options; give both the same");
                }
            });
        }
        return addresses;
    }

    private String source(BackendSection section) {
        return Stream.of(section.options(), section.url(), section.type(), Setting.BASE_DIR)
                .map(given::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow()
                .source();
    }
}
