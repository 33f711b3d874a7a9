/** For direct use of the storages and for authors of backends: tasks, results, events, schedules and claims. */
@NullMarked
package io.omniq.storage;

import org.jspecify.annotations.NullMarked;
