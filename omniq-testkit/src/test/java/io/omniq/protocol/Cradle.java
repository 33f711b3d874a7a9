/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import io.omniq.internal.protocol.Birth;
import io.omniq.internal.protocol.Birthplace;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.model.TaskRecord;
import java.util.ArrayList;
import java.util.List;

/** A process that always has a slot idle. */
final class Cradle implements Birthplace {
    private final Peer peer;
    final List<HeldClaim> claims = new ArrayList<>();
    int asked;
    int givenBack;

    Cradle(Peer peer) {
        this.peer = peer;
    }

    @Override
    public boolean isIdle() {
        return true;
    }

    @Override
    public Birth keep(TaskRecord task) {
        asked++;
        return peer.claimer.birth(task);
    }

    @Override
    public void run(HeldClaim claim) {
        claims.add(claim);
    }

    @Override
    public void giveBack() {
        givenBack++;
    }

    HeldClaim only() {
        if (claims.size() != 1) {
            throw new AssertionError("claims=" + claims);
        }
        return claims.get(0);
    }
}
