/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.omniq.InvalidTaskException;
import io.omniq.TaskOptions;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The tasks that can be run here, by name and alias. Nothing else is ever called, whatever a store says. Immutable. */
public final class TaskRegistry {
    private final Map<String, RegisteredTask> byName = new HashMap<>();
    private final ObjectMapper mapper;

    /**
     * The tasks of some objects.
     *
     * @param instances objects with {@code @Task} methods
     * @param mapper turns JSON into arguments and values into JSON
     * @throws InvalidTaskException when a method does not fit or a name is taken
     */
    public TaskRegistry(Collection<Object> instances, ObjectMapper mapper) {
        this.mapper = mapper;
        for (Object instance : instances) {
            for (TaskMethods.Parsed parsed : TaskMethods.of(instance.getClass())) {
                add(new RegisteredTask(parsed, instance, mapper));
            }
        }
    }

    private void add(RegisteredTask task) {
        put(task.name(), task);
        task.aliases().forEach(alias -> put(alias, task));
    }

    private void put(String name, RegisteredTask task) {
        RegisteredTask other = byName.putIfAbsent(name, task);
        if (other != null) {
            throw new InvalidTaskException("two tasks have one name; give one of them another: name=" + name
                    + " methods=" + other.method() + " and " + task.method());
        }
    }

    /** {@return whether nothing is registered, as in a process that only enqueues} */
    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /** {@return the tasks} */
    public List<RegisteredTask> all() {
        return byName.values().stream()
                .distinct()
                .sorted(Comparator.comparing(RegisteredTask::name))
                .toList();
    }

    /** {@return the mapper of payloads} */
    public ObjectMapper mapper() {
        return mapper;
    }

    /**
     * A task by name or alias.
     *
     * @param name the name
     * @return the task
     */
    public Optional<RegisteredTask> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /**
     * Whether a name can be run here.
     *
     * @param name the name
     * @return whether it is registered
     */
    public boolean knows(String name) {
        return byName.containsKey(name);
    }

    /**
     * Tasks by their method, or by one that they override or implement; of an interface there may be several.
     *
     * @param method the method
     * @return the tasks
     */
    public List<RegisteredTask> find(Method method) {
        return byName.values().stream()
                .distinct()
                .filter(task -> isSame(task.method(), method))
                .toList();
    }

    private static boolean isSame(Method registered, Method asked) {
        Class<?> mine = registered.getDeclaringClass();
        Class<?> other = asked.getDeclaringClass();
        return registered.getName().equals(asked.getName())
                && List.of(registered.getParameterTypes()).equals(List.of(asked.getParameterTypes()))
                && (other.isAssignableFrom(mine) || mine.isAssignableFrom(other));
    }

    /**
     * A task for enqueueing only, in a process that registers nothing.
     *
     * @param method a method with {@code @Task}
     * @param mapper turns JSON into arguments
     * @return the task; it cannot be run
     * @throws InvalidTaskException when the method is no task
     */
    public static RegisteredTask unregistered(Method method, ObjectMapper mapper) {
        return TaskMethods.of(method.getDeclaringClass()).stream()
                .filter(parsed -> parsed.method().equals(method))
                .map(parsed -> new RegisteredTask(parsed, method, mapper))
                .findFirst()
                .orElseThrow(() -> new InvalidTaskException("the method has no @Task: method="
                        + method.getDeclaringClass().getName() + "." + method.getName()));
    }

    /**
     * A task by name, for an enqueue. With tasks registered, an unknown name is a mistake; a process that only enqueues knows
     * none.
     *
     * @param name the name
     * @return the task, or null when nothing is registered here
     * @throws InvalidTaskException when the name is unknown
     */
    public @Nullable RegisteredTask forEnqueue(String name) {
        RegisteredTask task = byName.get(name);
        if (task == null && !byName.isEmpty()) {
            throw new InvalidTaskException("no task with this name is registered here: name=" + name + " nearest="
                    + nearest(name) + " known=" + new TreeSet<>(byName.keySet()));
        }
        return task;
    }

    private String nearest(String name) {
        return byName.keySet().stream()
                .min(java.util.Comparator.comparingInt(known -> distance(name, known)))
                .orElse("");
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }

    /** {@return the queues that registered tasks go to by default} */
    public Set<String> queues() {
        Set<String> queues = new TreeSet<>();
        for (RegisteredTask task : List.copyOf(byName.values())) {
            queues.add(task.withDefaults(TaskOptions.none()).queue().orElseThrow());
        }
        return queues;
    }
}
