/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import java.util.List;

/** How much may be claimed at once. */
public interface Room {
    /**
     * A claim, made or about to be made.
     *
     * @param task the name of its task
     * @param count for how many tasks it stands
     */
    record Share(String task, int count) {}

    /**
     * At how many more entries it is worth looking.
     *
     * @param taken what has been claimed since
     * @return a bound; 0 when there is no room
     */
    int entries(List<Share> taken);

    /** {@return whether it is worth a listing although the last one is not old} */
    boolean isUrgent();

    /**
     * Whether there is room for one more claim.
     *
     * @param taken what has been claimed since, or is about to be
     * @param next the next claim; when it does not fit, what comes after it is left alone too
     * @return whether it fits
     */
    boolean fits(List<Share> taken, Share next);

    /**
     * Room for so many tasks.
     *
     * @param most how many; the last claim may be a batch that stands for more
     * @return the room
     */
    static Room of(int most) {
        return new Room() {
            @Override
            public int entries(List<Share> taken) {
                return Math.max(0, most - taken.stream().mapToInt(Share::count).sum());
            }

            @Override
            public boolean isUrgent() {
                return true;
            }

            @Override
            public boolean fits(List<Share> taken, Share next) {
                return entries(taken) > 0;
            }
        };
    }
}
