/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One process's way to the store, on which something happens at a chosen call: the process dies, or another one acts. */
final class SteppedStore extends PassingStore {
    /** Where in its last call a process dies. */
    enum Death {
        BEFORE_THE_CALL,
        /** Everything was written, and the answer is lost. */
        AFTER_THE_CALL,
        /** Of a group only the first write landed. */
        AFTER_THE_FIRST_WRITE,
        /** Of a group only the last write landed. */
        AFTER_THE_LAST_WRITE
    }

    private final int chosen;
    private final Death death;
    private final Runnable before;
    private int calls;
    private boolean dead;

    private SteppedStore(ObjectStore store, int chosen, Death death, Runnable before) {
        super(store);
        this.chosen = chosen;
        this.death = death;
        this.before = before;
    }

    /** The process dies at its n-th call. */
    static SteppedStore dying(ObjectStore store, int call, Death death) {
        return new SteppedStore(store, call, death, () -> {});
    }

    /** Something happens before its n-th call. */
    static SteppedStore interrupted(ObjectStore store, int call, Runnable before) {
        return new SteppedStore(store, call, Death.BEFORE_THE_CALL, before).alive();
    }

    private boolean mortal = true;

    private SteppedStore alive() {
        mortal = false;
        return this;
    }

    /** Whether the chosen call was made. */
    boolean reached() {
        return calls >= chosen;
    }

    private <T> T step(Supplier<T> call, Supplier<T> lastCall) {
        if (dead) {
            throw killed();
        }
        if (++calls != chosen) {
            return call.get();
        }
        if (!mortal) {
            before.run();
            return call.get();
        }
        dead = true;
        lastCall.get();
        throw killed();
    }

    private static StorageException killed() {
        return new StorageException("call", "any", StorageException.Retry.NO, "the process was killed", null);
    }

    @Override
    public Optional<StoredObject> get(String key) {
        return step(() -> store.get(key), Optional::empty);
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        return step(() -> store.write(writes), () -> switch (death) {
            case BEFORE_THE_CALL -> List.of();
            case AFTER_THE_CALL -> store.write(writes);
            case AFTER_THE_FIRST_WRITE -> store.write(writes.subList(0, 1));
            case AFTER_THE_LAST_WRITE -> store.write(writes.subList(writes.size() - 1, writes.size()));
        });
    }

    @Override
    public ObjectPage list(ListRequest request) {
        return step(() -> store.list(request), () -> store.list(request));
    }
}
