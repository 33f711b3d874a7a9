/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Every object there is, in the order of keys: version, attributes and where its bytes are. What the journal says is
 * applied in its order, so all processes have the same picture. Reading is safe for many threads; changes are for
 * the holder of the journal's state.
 *
 * <p>An object whose line is in a segment that is not the last may be in a file already, since somebody settles it; one
 * from the last segment surely is not. So whoever removes or replaces the former has to see to the file, in time.
 */
final class Overlay {
    /** Bytes in order as unsigned numbers: the order of UTF-8, and so of listings. */
    static final Comparator<byte[]> ORDER = Arrays::compareUnsigned;

    /** The segment of an object that is in its file. */
    private static final int IN_FILE = 0;

    /** Enough for the directories an application uses all the time. */
    private static final int MOST_PARENTS = 1000;

    /** Where an object is. There is one for each object, so every byte counts. */
    static final class Node {
        private final long time;
        private final int segment;
        private final int offset;
        private final int length;
        private final int bodyAt;
        private final boolean shadows;
        private final byte @Nullable [] attributes;

        private Node(
                long time,
                int segment,
                int offset,
                int length,
                int bodyAt,
                boolean shadows,
                byte @Nullable [] attributes) {
            this.time = time;
            this.segment = segment;
            this.offset = offset;
            this.length = length;
            this.bodyAt = bodyAt;
            this.shadows = shadows;
            this.attributes = attributes;
        }

        /** An object whose file is the only place it is in. */
        static Node inFile(long time, byte @Nullable [] attributes) {
            return new Node(time, IN_FILE, 0, 0, 0, false, attributes);
        }

        /**
         * An object by its line.
         *
         * @param offset where the line begins in the segment
         * @param length of the line, with its line feed
         * @param bodyAt where the body begins in the line
         */
        static Node inLine(long time, int segment, long offset, int length, int bodyAt, byte @Nullable [] attributes) {
            return new Node(time, segment, (int) offset, length, bodyAt, false, attributes);
        }

        private Node shadowing() {
            return new Node(time, segment, offset, length, bodyAt, true, attributes);
        }

        /** Its version, and when it was written, in microseconds. */
        long time() {
            return time;
        }

        int segment() {
            return segment;
        }

        int offset() {
            return offset;
        }

        int length() {
            return length;
        }

        int bodyAt() {
            return bodyAt;
        }

        /** Whether a file of an earlier state may be there. */
        private boolean shadows() {
            return shadows;
        }

        /** As JSON, or {@code null} for none. */
        byte @Nullable [] attributes() {
            return attributes;
        }
    }

    /**
     * A file that has to go.
     *
     * @param segment says so
     * @param time when its object went, in microseconds: a file that is younger was made by hand since
     */
    record Grave(int segment, long time) {
        boolean covers(FileState file) {
            return StoreClock.micros(file.updated()) <= time;
        }
    }

    private final ConcurrentSkipListMap<byte[], Node> nodes = new ConcurrentSkipListMap<>(ORDER);
    private final ConcurrentSkipListMap<byte[], Grave> graves = new ConcurrentSkipListMap<>(ORDER);
    /** Keys that came or changed, by segment. Who settles reads those of an older one while the next segments come. */
    private final Map<Integer, List<byte[]>> touched = new ConcurrentHashMap<>();
    /** Directories that were found to be no objects. */
    private final Set<String> parents = new HashSet<>();

    private final ChangeCounts changes = new ChangeCounts();
    private final @Nullable CaseNames names;
    private int longestParent;
    private volatile int lastChanged;
    private volatile int settled;

    /**
     * An empty picture.
     *
     * @param ignoresCase whether the disk takes names for one that differ only by case
     */
    Overlay(boolean ignoresCase) {
        this.names = ignoresCase ? new CaseNames() : null;
    }

    @Nullable
    Node find(byte[] key) {
        return nodes.get(key);
    }

    /** Whether the object is in its file, and not in the journal. */
    boolean isInFile(Node node) {
        return node.segment() <= settled;
    }

    /** The objects from a key on. */
    NavigableMap<byte[], Node> from(byte[] key, boolean inclusive) {
        return nodes.tailMap(key, inclusive);
    }

    int size() {
        return nodes.size();
    }

    /** Takes in a file that was found when the directory was opened. */
    void found(byte[] key, Node node) {
        nodes.put(key, node);
        named(key);
    }

    private void named(byte[] key) {
        if (names != null) {
            names.add(text(key));
        }
    }

    /** What keeps a new key from being a name of its own on the disk, or {@code null}. */
    @Nullable
    String clash(String key) {
        return names == null ? null : names.clash(key);
    }

    /** An object comes or changes. */
    void put(byte[] key, Node line) {
        changed(line.segment());
        Node old = nodes.put(key, line);
        if (old == null ? !graves.isEmpty() && graves.remove(key) != null : mayHaveFile(old, line.segment())) {
            nodes.put(key, line.shadowing());
        }
        if (old == null || old.segment() != line.segment()) {
            touched.computeIfAbsent(line.segment(), segment -> new ArrayList<>())
                    .add(key);
        }
        if (old == null) {
            named(key);
            if (key.length <= longestParent && parents.contains(text(key))) {
                parents.clear();
            }
        }
        changes.count(key);
    }

    /** How often objects came, changed and went. */
    ChangeCounts changes() {
        return changes;
    }

    /** An object goes. */
    void delete(byte[] key, int segment, long time) {
        changed(segment);
        Node old = nodes.remove(key);
        if (names != null) {
            names.remove(text(key));
        }
        if (old != null && mayHaveFile(old, segment)) {
            graves.put(key, new Grave(segment, time));
        }
        changes.count(key);
    }

    private void changed(int segment) {
        if (lastChanged != segment) {
            lastChanged = segment;
        }
    }

    private static boolean mayHaveFile(Node old, int segment) {
        return old.shadows() || old.segment() < segment;
    }

    /** The file was changed by hand, and is the object. */
    void file(byte[] key, long time) {
        graves.remove(key);
        nodes.put(key, Node.inFile(time, null));
        named(key);
        changes.count(key);
    }

    /** What the segments up to one hold is in files. */
    void settled(int segment) {
        if (segment > settled) {
            settled = segment;
            touched.keySet().removeIf(number -> number <= segment);
            graves.values().removeIf(grave -> grave.segment() <= segment);
        }
    }

    int settled() {
        return settled;
    }

    /** Whether objects came, changed or went in the segment that is written to. */
    boolean isChangedIn(int segment) {
        return lastChanged == segment;
    }

    @Nullable
    Grave grave(byte[] key) {
        return graves.get(key);
    }

    /** The files that have to go before a segment can, in order. */
    List<byte[]> gravesOf(int segment) {
        List<byte[]> keys = new ArrayList<>();
        graves.forEach((key, grave) -> {
            if (grave.segment() <= segment) {
                keys.add(key);
            }
        });
        return keys;
    }

    /** The objects that have to become files before a segment can go, in order. */
    List<byte[]> aliveIn(int segment) {
        TreeSet<byte[]> keys = new TreeSet<>(ORDER);
        for (byte[] key : touched.getOrDefault(segment, List.of())) {
            Node node = nodes.get(key);
            if (node != null && node.segment() == segment) {
                keys.add(key);
            }
        }
        return new ArrayList<>(keys);
    }

    /**
     * Whether a new key asks for a look at others: it is the first of its directory, or its name was one of a directory, or the disk
     * mixes it up with names of another case.
     */
    boolean isUnusual(String key, int length) {
        int slash = key.lastIndexOf('/');
        return names != null
                || (slash >= 0 && !parents.contains(key.substring(0, slash)))
                || (length <= longestParent && parents.contains(key));
    }

    /** Whether any key begins like this one: only then it can be an object's, or a directory of others. */
    boolean hasLike(byte[] key) {
        byte[] next = nodes.ceilingKey(key);
        return next != null && startsWith(next, key);
    }

    /** Whether a new key is a directory of other keys. */
    boolean isDirectory(byte[] key) {
        byte[] below = Arrays.copyOf(key, key.length + 1);
        below[key.length] = '/';
        byte[] next = nodes.ceilingKey(below);
        return next != null && startsWith(next, below);
    }

    /** An object that stands where a new key needs a directory, or {@code null}. */
    @Nullable
    String objectAbove(String key) {
        int slash = key.lastIndexOf('/');
        if (slash < 0 || parents.contains(key.substring(0, slash))) {
            return null;
        }
        for (int at = key.indexOf('/'); at > 0; at = key.indexOf('/', at + 1)) {
            String above = key.substring(0, at);
            if (nodes.containsKey(above.getBytes(StandardCharsets.UTF_8))) {
                return above;
            }
        }
        if (parents.size() >= MOST_PARENTS) {
            parents.clear();
        }
        for (int at = key.indexOf('/'); at > 0; at = key.indexOf('/', at + 1)) {
            String parent = key.substring(0, at);
            parents.add(parent);
            longestParent = Math.max(longestParent, bytes(parent).length);
        }
        return null;
    }

    /** The keys directly in a directory whose objects are in files. */
    List<byte[]> filesIn(byte[] directory) {
        List<byte[]> keys = new ArrayList<>();
        ConcurrentNavigableMap<byte[], Node> tail = nodes.tailMap(directory, false);
        for (Map.Entry<byte[], Node> entry : tail.entrySet()) {
            byte[] key = entry.getKey();
            if (!startsWith(key, directory)) {
                break;
            }
            if (isInFile(entry.getValue()) && isLast(key, directory.length)) {
                keys.add(key);
            }
        }
        return keys;
    }

    private static boolean isLast(byte[] key, int from) {
        for (int i = from; i < key.length; i++) {
            if (key[i] == '/') {
                return false;
            }
        }
        return true;
    }

    /** The objects in files that have attributes. */
    void forEachAttributed(java.util.function.BiConsumer<byte[], Node> action) {
        nodes.forEach((key, node) -> {
            if (node.attributes() != null && isInFile(node)) {
                action.accept(key, node);
            }
        });
    }

    static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] key) {
        return new String(Objects.requireNonNull(key, "key"), StandardCharsets.UTF_8);
    }
}
