/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.internal.protocol.Room.Share;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotRoomTest {
    private static final Share SINGLE = new Share("single", 1);
    private static final Share QUICK = new Share("quick", 100);
    private static final Share SLOW = new Share("slow", 100);

    private final Paces paces = new Paces();

    SlotRoomTest() {
        paces.took("quick", Duration.ofMillis(20));
        paces.took("slow", Duration.ofMinutes(1));
    }

    private SlotRoom room(int free, Duration waiting) {
        return new SlotRoom(10, free, waiting.toNanos(), paces);
    }

    private static List<Share> times(int count, Share share) {
        return Collections.nCopies(count, share);
    }

    @Test
    void aSingleTaskNeedsAFreeSlot() {
        SlotRoom room = room(3, Duration.ZERO);

        assertThat(room.fits(times(2, SINGLE), SINGLE)).isTrue();
        assertThat(room.wasScarce()).isFalse();
        assertThat(room.fits(times(3, SINGLE), SINGLE)).isFalse();
        assertThat(room.fits(List.of(QUICK), SINGLE)).isFalse();
        assertThat(room.wasScarce()).isTrue();
    }

    @Test
    void quickBatchesAreClaimedAheadForAboutASecond() {
        SlotRoom room = room(10, Duration.ZERO);

        // A hundred of 20 ms on ten slots take 200 ms.
        assertThat(room.fits(times(4, QUICK), QUICK)).isTrue();
        assertThat(room.fits(times(5, QUICK), QUICK)).isFalse();
    }

    @Test
    void slowOnesAreNot() {
        SlotRoom room = room(10, Duration.ZERO);

        assertThat(room.fits(List.of(), SLOW)).isTrue();
        assertThat(room.fits(List.of(SLOW), SLOW)).isFalse();
        assertThat(room.fits(List.of(SLOW), QUICK)).isFalse();
    }

    @Test
    void whatNobodyKnowsCountsAsSlow() {
        SlotRoom room = room(10, Duration.ZERO);

        assertThat(room.fits(List.of(), new Share("new", 100))).isTrue();
        assertThat(room.fits(List.of(new Share("new", 100)), QUICK)).isFalse();
    }

    @Test
    void whileMembersRunAndWaitTheNextBatchIsClaimedOnlyIfTheyAreQuick() {
        assertThat(room(0, Duration.ofSeconds(9)).fits(List.of(), QUICK)).isTrue();
        assertThat(room(0, Duration.ofSeconds(9)).entries(List.of())).isEqualTo(10);
        assertThat(room(0, Duration.ofSeconds(10)).fits(List.of(), QUICK)).isFalse();
        assertThat(room(0, Duration.ofSeconds(10)).entries(List.of())).isZero();
    }

    @Test
    void thereAreNeverMoreBatchesThanSlots() {
        paces.took("instant", Duration.ZERO);
        Share instant = new Share("instant", 100);

        assertThat(room(10, Duration.ZERO).fits(times(9, instant), instant)).isTrue();
        assertThat(room(10, Duration.ZERO).fits(times(10, instant), instant)).isFalse();
        assertThat(room(10, Duration.ZERO).entries(times(10, instant))).isZero();
    }

    @Test
    void whereOnlySinglesRunOnAllSlotsNothingIsClaimedAhead() {
        SlotRoom room = new SlotRoom(0, 0, 0, paces);

        assertThat(room.entries(List.of())).isZero();
        assertThat(room.fits(List.of(), QUICK)).isFalse();
    }

    @Test
    void aListingForWhatIsClaimedAheadCanWait() {
        assertThat(room(1, Duration.ZERO).isUrgent()).isTrue();
        SlotRoom full = room(0, Duration.ofSeconds(1));

        assertThat(full.isUrgent()).isFalse();
        assertThat(full.wasScarce()).as("the next free slot is worth a look").isTrue();
    }

    @Test
    void aSlowOneIsBelievedSoonerThanAQuickOne() {
        paces.took("quick", Duration.ofSeconds(10));

        assertThat(paces.of("quick")).isGreaterThan(Duration.ofSeconds(5).toNanos());
        paces.took("slow", Duration.ofMillis(1));
        assertThat(paces.of("slow")).isGreaterThan(Duration.ofSeconds(50).toNanos());
    }
}
