/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.StorageException;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Decides the writes of a group, and writes those that may be. Journal and state are locked. */
final class GroupWriter {
    private static final int USUAL = 64 << 10;

    private final Journal journal;
    private final Replica replica;
    private final ForeignHands foreign;
    private final Overlay overlay;
    private final CRC32C crc = new CRC32C();
    private final List<Submission.Item> chosen = new ArrayList<>();
    private byte[] room = {};

    GroupWriter(Journal journal, Replica replica) {
        this.journal = journal;
        this.replica = replica;
        this.foreign = new ForeignHands(journal);
        this.overlay = replica.overlay();
    }

    boolean isOf(Replica other) {
        return replica == other;
    }

    /** Gives each write its outcome, except those that could not be tried. */
    void write(List<Submission> group) throws IOException {
        chosen.clear(); // the group before may have failed in the middle
        Set<String> keys = group.size() > 1 ? new HashSet<>() : Set.of();
        for (Submission submission : group) {
            if (group.size() > 1 && !addAll(keys, submission)) {
                // What a write of the same key leaves must be known first.
                flush(submission.micros());
                keys.clear();
                addAll(keys, submission);
            }
            for (Submission.Item item : submission.items()) {
                judge(item, submission.micros());
            }
        }
        flush(group.get(group.size() - 1).micros());
    }

    private void judge(Submission.Item item, long micros) throws IOException {
        boolean alone = item.write.kind() == Write.Kind.CREATE && overlay.isUnusual(item.write.key(), item.key.length);
        if (alone) {
            // Whether it may be depends on other names, and theirs on it.
            flush(micros);
        }
        try {
            notice(item, micros);
            item.outcome = refusal(item);
        } catch (IOException e) {
            item.outcome = WriteOutcome.failed(journal.directory().failure("write", item.write.key(), e));
        }
        if (item.outcome == null) {
            chosen.add(item);
        }
        if (alone) {
            flush(micros);
        }
    }

    /** Takes over what was changed by hand of an object that is going to be changed. Only a file can be. */
    private void notice(Submission.Item item, long micros) throws IOException {
        if (item.write.kind() != Write.Kind.CREATE) {
            Overlay.Node node = overlay.find(item.key);
            String key = item.write.key();
            if (node != null
                    && overlay.isInFile(node)
                    && !ObjectReader.isOf(
                            FileState.of(journal.directory().layout().file(key)), node)) {
                foreign.takeOver(key, micros);
            }
        }
    }

    private static boolean addAll(Set<String> keys, Submission submission) {
        boolean fresh = true;
        for (Submission.Item item : submission.items()) {
            fresh &= keys.add(item.write.key());
        }
        return fresh;
    }

    private @Nullable WriteOutcome refusal(Submission.Item item) {
        if (item.write.kind() == Write.Kind.CREATE) {
            WriteOutcome taken = overlay.hasLike(item.key) ? taken(item) : null;
            return taken == null ? obstacle(item) : taken;
        }
        Overlay.Node node = overlay.find(item.key);
        if (node == null) {
            return WriteOutcome.refused(Status.ABSENT);
        }
        return node.time() == micros(item.write.expected()) ? null : WriteOutcome.refused(Status.CONFLICT);
    }

    private @Nullable WriteOutcome taken(Submission.Item item) {
        if (overlay.find(item.key) != null) {
            return WriteOutcome.refused(Status.EXISTS);
        }
        return !overlay.isDirectory(item.key)
                ? null
                : WriteOutcome.failed(
                        Failures.lasting(
                                "create",
                                item.write.key(),
                                "a directory stands where the file must go, a directory store has no key beside keys below it"));
    }

    private @Nullable WriteOutcome obstacle(Submission.Item item) {
        String key = item.write.key();
        String clash = overlay.clash(key);
        if (clash != null) {
            return WriteOutcome.failed(Failures.lasting(
                    "create",
                    key,
                    "the disk ignores the case of letters and has this name in another case (file=" + clash + ")"));
        }
        String above = overlay.objectAbove(key);
        if (above != null) {
            return WriteOutcome.failed(Failures.lasting(
                    "create",
                    key,
                    "a file stands where a directory is needed, a directory store has no key beside keys below it (file="
                            + above + ")"));
        }
        return null;
    }

    /** The time in a version of this store, or -1 for a version of another. */
    static long micros(Version version) {
        String token = version.token();
        long micros = 0;
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (c < '0' || c > '9' || i > 17 || (i == 0 && c == '0')) {
                return -1;
            }
            micros = micros * 10 + (c - '0');
        }
        return micros;
    }

    static Version version(long micros) {
        return new Version(Long.toString(micros));
    }

    private void flush(long micros) throws IOException {
        if (!chosen.isEmpty()) {
            try {
                put(chosen, micros);
            } finally {
                chosen.clear();
            }
        }
    }

    private void put(List<Submission.Item> items, long micros) throws IOException {
        int length = 0;
        for (Submission.Item item : items) {
            length += item.line.length();
        }
        long before = replica.last();
        byte[] lines = room(length);
        long[] times = new long[items.size()];
        int at = 0;
        for (int i = 0; i < times.length; i++) {
            times[i] = replica.nextTime(micros);
            items.get(i).line.seal(lines, at, times[i], crc);
            at += items.get(i).line.length();
        }
        Segment segment = replica.active();
        try {
            segment.append(lines, length);
        } catch (IOException e) {
            replica.last(before);
            settleFailure(items, times, segment, e);
            return;
        }
        takeIn(items, times, segment);
    }

    /** Bytes for the lines of a group: most groups are small, and the same do for the next. */
    private byte[] room(int length) {
        if (length > USUAL) {
            return new byte[length];
        }
        if (length > room.length) {
            room = new byte[USUAL];
        }
        return room;
    }

    private void settleFailure(List<Submission.Item> items, long[] times, Segment segment, IOException cause)
            throws IOException {
        try {
            tellWhatLanded(items, times, segment, cause);
        } catch (IOException | RuntimeException e) {
            // They may stand in the journal, or not.
            cause.addSuppressed(e);
            StorageException failure = journal.directory().failure("write", "", cause);
            items.forEach(item -> item.outcome = WriteOutcome.unknown(failure));
            throw e;
        }
    }

    /** What {@link Replica#readOn} would do, without reading. */
    private void takeIn(List<Submission.Item> items, long[] times, Segment segment) {
        long offset = segment.end();
        for (int i = 0; i < times.length; i++) {
            Submission.Item item = items.get(i);
            int length = item.line.length();
            if (item.write.kind() == Write.Kind.DELETE) {
                overlay.delete(item.key, segment.number(), times[i]);
                item.outcome = WriteOutcome.applied(null);
            } else {
                overlay.put(
                        item.key,
                        Overlay.Node.inLine(
                                times[i], segment.number(), offset, length, item.line.bodyAt(), item.attributes));
                item.outcome = WriteOutcome.applied(version(times[i]));
            }
            offset += length;
        }
        segment.end(offset);
    }

    /**
     * Some lines may have landed, and others may have read them: those stand. The rest is cut off. Deletes are tried again
     * in the room that is kept for them, since they make room.
     */
    private void tellWhatLanded(List<Submission.Item> items, long[] times, Segment segment, IOException cause)
            throws IOException {
        long offset = segment.end();
        replica.readOn();
        if (segment.hasMore()) {
            segment.cut();
        }
        StorageException failure = journal.directory().failure("write", "", cause);
        List<Submission.Item> deletes = new ArrayList<>();
        for (int i = 0; i < times.length; i++) {
            Submission.Item item = items.get(i);
            offset += item.line.length();
            boolean delete = item.write.kind() == Write.Kind.DELETE;
            if (offset <= segment.end()) {
                item.outcome = WriteOutcome.applied(delete ? null : version(times[i]));
            } else {
                item.outcome = WriteOutcome.failed(failure);
                if (delete) {
                    deletes.add(item);
                }
            }
        }
        if (!deletes.isEmpty() && journal.releaseReserve()) {
            put(deletes, times[0]);
        }
    }
}
