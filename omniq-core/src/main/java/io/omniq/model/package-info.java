/** What is stored, as values: tasks, results, events, schedules and their statuses. */
@NullMarked
package io.omniq.model;

import org.jspecify.annotations.NullMarked;
