/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.model.MisfirePolicy;
import io.omniq.model.OverlapPolicy;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets a {@link Task} method without parameters run by a schedule. {@link OmniQ#start()} makes the schedule, changes it when
 * the annotation was changed, and pauses it when the annotation is gone; see {@link OmniQBuilder#application}.
 *
 * <pre>{@code
 * @Task("reports.nightly")
 * @Scheduled(cron = "0 2 * * *", zone = "Europe/Berlin")
 * public void nightly() { ... }
 * }</pre>
 *
 * <p>Exactly one of {@link #cron}, {@link #every} and {@link #at} is given. Further schedules of a method, and arguments, are
 * for {@link OmniQ#schedules()}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Scheduled {
    /** {@return the schedule's id: 1 to 128 letters, digits, {@code _ -} and, not first, {@code .}; default the task's name} */
    String id() default "";

    /** {@return a cron expression of five fields, or six with seconds first, or a nickname such as {@code @daily}} */
    String cron() default "";

    /** {@return the zone of the cron expression, such as {@code Europe/Berlin}; default UTC} */
    String zone() default "";

    /** {@return an interval as an ISO-8601 duration such as {@code PT5M}} */
    String every() default "";

    /** {@return a single time, such as {@code 2030-01-01T00:00:00Z}} */
    String at() default "";

    /** {@return what becomes of ticks that were missed; default one task for all of them} */
    MisfirePolicy misfire() default MisfirePolicy.FIRE_ONCE;

    /** {@return how late a tick may be under {@link MisfirePolicy#FIRE_ALL}, as an ISO-8601 duration; default one day} */
    String misfireWindow() default "";

    /** {@return what a tick does while an earlier task has not ended; default to run beside it} */
    OverlapPolicy overlap() default OverlapPolicy.ALLOW;

    /** {@return up to how much later each tick fires, as an ISO-8601 duration; default not at all} */
    String jitter() default "";

    /** {@return how often it fires, from 1; default 0 for no limit} */
    int maxRuns() default 0;
}
