/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A store in front of another one that counts operations the way Google Cloud Storage bills them, so that the cost of a
 * protocol can be asserted without a bucket and without a watch. Safe for use by many threads.
 *
 * <table>
 * <caption>What is counted as what</caption>
 * <tr><th>operation</th><th>counted as</th></tr>
 * <tr><td>create or replace that was applied, or may have been ({@code UNKNOWN})</td><td>class A</td></tr>
 * <tr><td>each page of a listing</td><td>class A</td></tr>
 * <tr><td>read that finds an object</td><td>class B</td></tr>
 * <tr><td>read of an absent object</td><td>free</td></tr>
 * <tr><td>create or replace that was refused or {@code FAILED}</td><td>free</td></tr>
 * <tr><td>delete, whatever it answers</td><td>free</td></tr>
 * <tr><td>call that throws</td><td>not counted</td></tr>
 * </table>
 *
 * <p>Behind a {@link FaultyObjectStore} it counts what reaches the store, in front of one what the caller is told.
 */
public final class CountingObjectStore implements ObjectStore {
    /**
     * Numbers of operations by the price they have.
     *
     * @param classA operations of the dear class: writes and listings
     * @param classB operations of the cheap class: reads
     * @param free operations that cost nothing
     */
    public record Operations(long classA, long classB, long free) {
        /** No operations at all. */
        public static final Operations NONE = new Operations(0, 0, 0);

        /**
         * The sum of two numbers of operations.
         *
         * @param other what to add
         * @return the sum
         */
        public Operations plus(Operations other) {
            return new Operations(classA + other.classA, classB + other.classB, free + other.free);
        }

        /**
         * What has come since an earlier count.
         *
         * @param earlier the earlier count
         * @return the difference
         */
        public Operations minus(Operations earlier) {
            return new Operations(classA - earlier.classA, classB - earlier.classB, free - earlier.free);
        }

        /** {@return all operations, whatever they cost} */
        public long total() {
            return classA + classB + free;
        }
    }

    private static final Operations ONE_CLASS_A = new Operations(1, 0, 0);
    private static final Operations ONE_CLASS_B = new Operations(0, 1, 0);
    private static final Operations ONE_FREE = new Operations(0, 0, 1);

    private final ObjectStore store;
    private final Map<StoreOperation, Operations> counts = new EnumMap<>(StoreOperation.class);

    /**
     * A store that counts from zero.
     *
     * @param store the store behind; closed with this one
     */
    public CountingObjectStore(ObjectStore store) {
        this.store = Objects.requireNonNull(store, "store");
    }

    /** {@return all operations since the start or the last {@link #reset()}} */
    public Operations counts() {
        synchronized (counts) {
            return counts.values().stream().reduce(Operations.NONE, Operations::plus);
        }
    }

    /**
     * The operations of one kind since the start or the last {@link #reset()}.
     *
     * @param operation the kind
     * @return how many there were at each price
     */
    public Operations counts(StoreOperation operation) {
        synchronized (counts) {
            return counts.getOrDefault(operation, Operations.NONE);
        }
    }

    /** Starts to count from zero again. */
    public void reset() {
        synchronized (counts) {
            counts.clear();
        }
    }

    private void count(StoreOperation operation, Operations price) {
        synchronized (counts) {
            counts.merge(operation, price, Operations::plus);
        }
    }

    @Override
    public Optional<StoredObject> get(String key) {
        Optional<StoredObject> answer = store.get(key);
        countRead(answer);
        return answer;
    }

    @Override
    public List<Optional<StoredObject>> getAll(List<String> keys) {
        List<Optional<StoredObject>> answers = store.getAll(keys);
        answers.forEach(this::countRead);
        return answers;
    }

    private void countRead(Optional<StoredObject> answer) {
        count(StoreOperation.GET, answer.isPresent() ? ONE_CLASS_B : ONE_FREE);
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        List<WriteOutcome> outcomes = store.write(writes);
        for (int i = 0; i < writes.size(); i++) {
            Write write = writes.get(i);
            count(StoreOperation.of(write), price(write, outcomes.get(i).status()));
        }
        return outcomes;
    }

    private static Operations price(Write write, Status status) {
        boolean mayHaveLanded = status == Status.APPLIED || status == Status.UNKNOWN;
        return mayHaveLanded && write.kind() != Write.Kind.DELETE ? ONE_CLASS_A : ONE_FREE;
    }

    @Override
    public ObjectPage list(ListRequest request) {
        ObjectPage page = store.list(request);
        count(StoreOperation.LIST, ONE_CLASS_A);
        return page;
    }

    @Override
    public Instant now() {
        return store.now();
    }

    @Override
    public StoreCapabilities capabilities() {
        return store.capabilities();
    }

    @Override
    public void close() {
        store.close();
    }

    @Override
    public String toString() {
        synchronized (counts) {
            return "CountingObjectStore[" + counts + ", store=" + store + "]";
        }
    }
}
