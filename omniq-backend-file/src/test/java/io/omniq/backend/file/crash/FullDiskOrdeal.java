/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import java.io.IOException;

/** The disk is full, gets a little room, which the producer soon has used up, and is full again; with kills at any time. */
final class FullDiskOrdeal implements Ordeal {
    private final SmallDisk disk;
    private boolean begun;

    FullDiskOrdeal(SmallDisk disk) {
        this.disk = disk;
    }

    @Override
    public void step(Cast cast) throws IOException, InterruptedException {
        if (!begun) {
            begun = true;
            disk.fill();
            cast.await("refused");
        }
        Ordeal.pause(cast, 200, 2000);
        switch (cast.random().nextInt(4)) {
            case 0 -> cast.killOne();
            case 1 -> disk.fill();
            default -> disk.makeRoom();
        }
    }

    @Override
    public void end() throws IOException, InterruptedException {
        disk.grow();
    }
}
