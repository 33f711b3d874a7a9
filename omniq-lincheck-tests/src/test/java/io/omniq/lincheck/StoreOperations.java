/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.lincheck;

import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectStore;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;

/**
 * What Lincheck calls, from several threads, on a fresh store each time.
 *
 * <p>Versions are opaque, so they appear in no answer. Instead each thread keeps the last version it got of a key, from
 * a write of its own, a read or a listing, and its next replace or delete of that key expects this one. What a thread
 * knows changes by its own operations only, hence {@link StoreModel} can keep the same book about values, each of which is
 * written once.
 *
 * <p>A group is not atomic, so no single moment explains it. Its second key belongs to the thread alone: that one's
 * outcome is the same at any moment, and what is left is one write of a shared key.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public abstract class StoreOperations {
    /** How many threads race. */
    static final int RACING = 3;

    /** Lincheck counts from 0: the thread before the race, those in it, the one after it. */
    static final int THREADS = RACING + 2;

    static final String FIRST_VALUE = "first";
    static final String NO_VALUE = "nothing";

    private final List<ObjectStore> handles;
    private final String directory;
    private final Notes notes = new Notes(THREADS);

    /**
     * Operations on keys that nobody else uses.
     *
     * @param handles one store, or several on the same data that the threads take in turn
     * @param directory where its keys are
     */
    StoreOperations(List<? extends ObjectStore> handles, String directory) {
        this.handles = List.copyOf(handles);
        this.directory = directory;
        String key = place(Key.PRESENT);
        WriteOutcome first = this.handles
                .get(0)
                .write(List.of(Write.create(key, bytes(FIRST_VALUE))))
                .get(0);
        for (int i = 0; i < THREADS; i++) {
            notes.learn(i, key, first.version().orElseThrow());
        }
    }

    @Operation
    public String create(@Param(name = "thread") int thread, @Param Key key) {
        return told(thread, Write.create(place(key), freshBody(thread)));
    }

    @Operation
    public String replace(@Param(name = "thread") int thread, @Param Key key) {
        return told(thread, replaceKnown(thread, key));
    }

    @Operation
    public String delete(@Param(name = "thread") int thread, @Param Key key) {
        return told(thread, Write.delete(place(key), notes.known(thread, place(key))));
    }

    @Operation
    public String get(@Param(name = "thread") int thread, @Param Key key) {
        Optional<StoredObject> found = handle(thread).get(place(key));
        if (found.isEmpty()) {
            return NO_VALUE;
        }
        notes.learn(thread, place(key), found.get().version());
        return new String(found.get().body(), StandardCharsets.UTF_8);
    }

    @Operation
    public int list(@Param(name = "thread") int thread, @Param Key key) {
        List<ListedObject> found =
                handle(thread).list(ListRequest.of(place(key))).objects();
        if (!found.isEmpty()) {
            notes.learn(thread, place(key), found.get(0).version());
        }
        return found.size();
    }

    @Operation
    public String replaceInGroup(@Param(name = "thread") int thread, @Param Key key) {
        Write shared = replaceKnown(thread, key);
        Write own = Write.create(directory + "/own-" + thread + "-" + notes.written(thread), freshBody(thread));
        List<WriteOutcome> outcomes = handle(thread).write(List.of(shared, own));
        return learnt(thread, shared, outcomes.get(0)) + ","
                + outcomes.get(1).status().name();
    }

    private Write replaceKnown(int thread, Key key) {
        return Write.replace(place(key), notes.known(thread, place(key)), freshBody(thread));
    }

    private String told(int thread, Write write) {
        return learnt(thread, write, handle(thread).write(List.of(write)).get(0));
    }

    private String learnt(int thread, Write write, WriteOutcome outcome) {
        if (outcome.version().isPresent()) {
            notes.learn(thread, write.key(), outcome.version().get());
        }
        return outcome.failure().isPresent()
                ? outcome.failure().get().toString()
                : outcome.status().name();
    }

    private ObjectStore handle(int thread) {
        return handles.get(thread % handles.size());
    }

    private String place(Key key) {
        return directory + "/" + key;
    }

    private byte[] freshBody(int thread) {
        return bytes(freshValue(thread, notes.countWrite(thread)));
    }

    /** The value of a thread's n-th try to write. */
    static String freshValue(int thread, int number) {
        return thread + "." + number;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
