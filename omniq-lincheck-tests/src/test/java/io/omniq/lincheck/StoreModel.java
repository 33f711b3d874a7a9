/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.lincheck;

import io.omniq.store.WriteOutcome.Status;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a store is to a single caller: the store contract in a few lines. A value stands for the version it was written
 * with, since none is written twice. Equality tells Lincheck when two orders lead to the same state.
 */
public final class StoreModel {
    private final Map<Key, String> values = new EnumMap<>(Key.class);
    private final List<Map<Key, String>> known = new ArrayList<>();
    private final List<Integer> written = new ArrayList<>();

    /** The state every test begins with. */
    public StoreModel() {
        values.put(Key.PRESENT, StoreOperations.FIRST_VALUE);
        for (int i = 0; i < StoreOperations.THREADS; i++) {
            known.add(new EnumMap<>(values));
            written.add(0);
        }
    }

    public String create(int thread, Key key) {
        String value = fresh(thread);
        if (values.containsKey(key)) {
            return Status.EXISTS.name();
        }
        return put(thread, key, value);
    }

    public String replace(int thread, Key key) {
        String value = fresh(thread);
        String refusal = refusal(thread, key);
        return refusal.isEmpty() ? put(thread, key, value) : refusal;
    }

    public String delete(int thread, Key key) {
        String refusal = refusal(thread, key);
        if (refusal.isEmpty()) {
            values.remove(key);
            return Status.APPLIED.name();
        }
        return refusal;
    }

    public String get(int thread, Key key) {
        list(thread, key);
        return values.getOrDefault(key, StoreOperations.NO_VALUE);
    }

    public int list(int thread, Key key) {
        String value = values.get(key);
        if (value == null) {
            return 0;
        }
        known.get(thread).put(key, value);
        return 1;
    }

    public String replaceInGroup(int thread, Key key) {
        String shared = replace(thread, key);
        fresh(thread);
        return shared + "," + Status.APPLIED;
    }

    private String refusal(int thread, Key key) {
        String value = values.get(key);
        if (value == null) {
            return Status.ABSENT.name();
        }
        return value.equals(known.get(thread).get(key)) ? "" : Status.CONFLICT.name();
    }

    private String put(int thread, Key key, String value) {
        values.put(key, value);
        known.get(thread).put(key, value);
        return Status.APPLIED.name();
    }

    private String fresh(int thread) {
        int number = written.get(thread) + 1;
        written.set(thread, number);
        return StoreOperations.freshValue(thread, number);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoreModel that
                && values.equals(that.values)
                && known.equals(that.known)
                && written.equals(that.written);
    }

    @Override
    public int hashCode() {
        return Objects.hash(values, known, written);
    }
}
