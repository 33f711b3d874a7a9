/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectPage;
import io.omniq.store.StoredObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Walks over everything under a prefix, page by page, reading bodies where they are wanted. */
final class Listing {
    private static final int READ_TOGETHER = 100;

    private Listing() {}

    /** The lines of a listing, asked for page by page. */
    static Iterable<ListedObject> of(ReliableStore store, ListRequest first) {
        return () -> new Lines(store, first);
    }

    /** The objects of a listing; those gone in the meantime are left out. */
    static Iterable<StoredObject> bodies(ReliableStore store, ListRequest first) {
        return () -> new Bodies(store, new Lines(store, first));
    }

    /** The objects of those lines that are wanted. */
    static Iterable<StoredObject> bodies(ReliableStore store, ListRequest first, Predicate<ListedObject> wanted) {
        return () -> new Bodies(
                store,
                StreamSupport.stream(of(store, first).spliterator(), false)
                        .filter(wanted)
                        .iterator());
    }

    private static final class Lines implements Iterator<ListedObject> {
        private final ReliableStore store;
        private @Nullable ListRequest next;
        private final Deque<ListedObject> page = new ArrayDeque<>();

        Lines(ReliableStore store, ListRequest first) {
            this.store = store;
            this.next = first;
        }

        @Override
        public boolean hasNext() {
            while (page.isEmpty() && next != null) {
                ObjectPage answer = store.list(next);
                page.addAll(answer.objects());
                next = answer.more() && !page.isEmpty()
                        ? next.after(page.getLast().key())
                        : null;
            }
            return !page.isEmpty();
        }

        @Override
        public ListedObject next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return page.removeFirst();
        }
    }

    private static final class Bodies implements Iterator<StoredObject> {
        private final ReliableStore store;
        private final Iterator<ListedObject> lines;
        private final Deque<StoredObject> read = new ArrayDeque<>();

        Bodies(ReliableStore store, Iterator<ListedObject> lines) {
            this.store = store;
            this.lines = lines;
        }

        @Override
        public boolean hasNext() {
            while (read.isEmpty() && lines.hasNext()) {
                List<String> keys = new java.util.ArrayList<>();
                while (keys.size() < READ_TOGETHER && lines.hasNext()) {
                    keys.add(lines.next().key());
                }
                store.getAll(keys).stream().flatMap(Optional::stream).forEach(read::add);
            }
            return !read.isEmpty();
        }

        @Override
        public StoredObject next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return read.removeFirst();
        }
    }
}
