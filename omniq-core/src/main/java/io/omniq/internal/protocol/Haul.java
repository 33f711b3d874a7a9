/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** What one call has claimed. */
final class Haul {
    /** How many claims go out in one group. */
    private static final int MOST_AT_ONCE = 100;

    private final Room room;
    private final Consumer<HeldClaim> taker;
    private final List<Room.Share> taken = new ArrayList<>();
    private int made;

    Haul(Room room, Consumer<HeldClaim> taker) {
        this.room = room;
        this.taker = taker;
    }

    int made() {
        return made;
    }

    boolean isUrgent() {
        return room.isUrgent();
    }

    /** At how many entries to look. */
    int most() {
        return Math.min(MOST_AT_ONCE, room.entries(taken));
    }

    /** The first of them, as far as there is room. */
    List<Candidate> fitting(List<Candidate> chosen) {
        List<Room.Share> all = new ArrayList<>(taken);
        List<Candidate> fitting = new ArrayList<>();
        for (Candidate candidate : chosen) {
            Room.Share share = share(Objects.requireNonNull(candidate.entry));
            if (!room.fits(all, share)) {
                break;
            }
            all.add(share);
            fitting.add(candidate);
        }
        return fitting;
    }

    private static Room.Share share(Entry entry) {
        return new Room.Share(entry.func(), Math.max(1, entry.members().count()));
    }

    void add(Entry entry, List<HeldClaim> claims) {
        taken.add(new Room.Share(entry.func(), claims.size()));
        made += claims.size();
        claims.forEach(taker);
    }
}
