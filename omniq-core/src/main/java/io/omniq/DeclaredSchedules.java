/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.internal.protocol.ScheduleStore;
import io.omniq.internal.worker.RegisteredTask;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleStatus;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the store in line with the {@code @Scheduled} annotations of the code. Touches only schedules that came from
 * annotations of the same owner: the application's name where it has one, else the package of the task's class, because
 * applications that share a store rarely share packages.
 */
final class DeclaredSchedules {
    private static final Logger LOG = LoggerFactory.getLogger("io.omniq");

    /** How the reason of a pause begins that ends when the annotation is back. */
    private static final String GONE = "gone from the code: ";

    private final Schedules schedules;
    private final List<ScheduleBuilder> declared = new ArrayList<>();
    private final Set<String> owners = new HashSet<>();

    DeclaredSchedules(Schedules schedules, Iterable<RegisteredTask> tasks, @Nullable String application) {
        this.schedules = schedules;
        Set<String> ids = new HashSet<>();
        for (RegisteredTask task : tasks) {
            Class<?> type = task.method().getDeclaringClass();
            String owner = application == null ? "package " + type.getPackageName() : application;
            owners.add(owner);
            Scheduled annotation = task.method().getAnnotation(Scheduled.class);
            if (annotation != null) {
                ScheduleBuilder builder = declared(task, annotation, owner);
                if (!ids.add(builder.id())) {
                    throw new InvalidScheduleException(
                            "two @Scheduled methods have one id; give one of them another: id=" + builder.id());
                }
                declared.add(builder);
            }
        }
    }

    private ScheduleBuilder declared(RegisteredTask task, Scheduled annotation, String owner) {
        String where = task.method().getDeclaringClass().getName() + "."
                + task.method().getName();
        try {
            if (task.method().getParameterCount() > 0) {
                throw new InvalidScheduleException(
                        "a @Scheduled method must have no parameters; give arguments with schedules()");
            }
            ScheduleBuilder builder = times(annotation, annotation.id().isEmpty() ? task.name() : annotation.id())
                    .task(task.name(), task, List.of())
                    .misfire(annotation.misfire())
                    .overlap(annotation.overlap())
                    .declaredBy(owner);
            optional("misfireWindow", annotation.misfireWindow(), Duration::parse)
                    .ifPresent(window -> builder.misfireWindow(window));
            optional("jitter", annotation.jitter(), Duration::parse).ifPresent(builder::jitter);
            if (annotation.maxRuns() != 0) {
                builder.maxRuns(annotation.maxRuns());
            }
            builder.build(Instant.EPOCH); // refuses what is wrong before anything is written
            return builder;
        } catch (OmniQException | IllegalArgumentException e) {
            throw new InvalidScheduleException("@Scheduled cannot be used: " + e.getMessage() + " method=" + where);
        }
    }

    private ScheduleBuilder times(Scheduled annotation, String id) {
        Optional<Duration> every = optional("every", annotation.every(), Duration::parse);
        Optional<Instant> at = optional("at", annotation.at(), Instant::parse);
        boolean isCron = !annotation.cron().isEmpty();
        if ((isCron ? 1 : 0) + (every.isPresent() ? 1 : 0) + (at.isPresent() ? 1 : 0) != 1) {
            throw new InvalidScheduleException("exactly one of cron, every and at is needed: cron=\""
                    + annotation.cron() + "\" every=\"" + annotation.every() + "\" at=\"" + annotation.at() + "\"");
        }
        if (!isCron && !annotation.zone().isEmpty()) {
            throw new InvalidScheduleException("a zone goes with cron only: zone=" + annotation.zone());
        }
        if (isCron) {
            return ScheduleBuilder.cron(
                    schedules, id, annotation.cron(), annotation.zone().isEmpty() ? "UTC" : annotation.zone());
        }
        return every.map(interval -> ScheduleBuilder.every(schedules, id, interval))
                .orElseGet(() -> ScheduleBuilder.at(schedules, id, at.orElseThrow()));
    }

    private static <T> Optional<T> optional(String name, String text, Function<String, T> parser) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(parser.apply(text));
        } catch (DateTimeException e) {
            throw new InvalidScheduleException(
                    "not ISO-8601, such as PT5M or 2030-01-01T00:00:00Z: " + name + "=" + text);
        }
    }

    /**
     * Creates, changes and pauses.
     *
     * @param now the store's time
     */
    void reconcile(Instant now) {
        Set<String> ids = new HashSet<>();
        for (ScheduleBuilder builder : declared) {
            ids.add(builder.id());
            Optional<Schedule> stored = schedules.get(builder.id());
            if (stored.isPresent()) {
                adapt(builder, stored.get());
            } else {
                create(builder, now);
            }
        }
        for (Schedule schedule : owners.isEmpty() ? List.<Schedule>of() : schedules.list(ScheduleStatus.ACTIVE)) {
            String owner = schedule.declaredBy();
            if (owner != null && owners.contains(owner) && !ids.contains(schedule.id())) {
                LOG.warn(
                        "schedule paused, because its @Scheduled is gone from the code; delete it, or declare it again:"
                                + " id={} owner={}",
                        schedule.id(),
                        owner);
                schedules.pause(schedule.id(), GONE + owner);
            }
        }
    }

    private static void create(ScheduleBuilder builder, Instant now) {
        Instant time = builder.build(now).timestamp();
        if (time != null && !time.isAfter(now)) {
            LOG.warn("schedule not made, because its time has passed: id={} at={}", builder.id(), time);
        } else {
            builder.create();
        }
    }

    private void adapt(ScheduleBuilder builder, Schedule stored) {
        String id = stored.id();
        if (stored.declaredBy() == null) {
            throw new ScheduleConflictException(id, List.of("declared_by"));
        }
        if (stored.status() == ScheduleStatus.CANCELLED) {
            return; // by somebody's will
        }
        try {
            bringUpToDate(builder, stored);
        } catch (InvalidScheduleException e) {
            // The annotation itself was checked: no tick is left, as after the last run.
            LOG.warn("schedule left as it is: {}", e.getMessage());
        }
    }

    private void bringUpToDate(ScheduleBuilder builder, Schedule stored) {
        String id = stored.id();
        if (!ScheduleStore.differences(stored, builder.build(stored.createdAt()))
                .isEmpty()) {
            builder.update();
            LOG.info("schedule changed, because its @Scheduled was: id={}", id);
        }
        String reason = stored.reason();
        if (stored.status() == ScheduleStatus.PAUSED && reason != null && reason.startsWith(GONE)) {
            schedules.resume(id);
            LOG.info("schedule resumed, because its @Scheduled is back: id={}", id);
        }
    }
}
