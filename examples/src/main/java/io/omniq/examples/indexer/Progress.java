/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

import java.io.PrintStream;
import java.util.Locale;

/** Shows how far the run is. Safe for use by many threads. */
final class Progress {
    private static final int WIDTH = 40;
    private static final int LINES = 20;

    private final PrintStream out;
    private final boolean bar;
    private final int total;
    private int done;

    Progress(PrintStream out, boolean bar, int total) {
        this.out = out;
        this.bar = bar;
        this.total = total;
    }

    synchronized void oneDone() {
        done++;
        // As often as something new can be seen, not for every file.
        int steps = bar ? 1000 : LINES;
        if (share(done, steps) == share(done - 1, steps)) {
            return;
        }
        if (bar) {
            drawBar();
        } else {
            out.printf(Locale.ROOT, "%,d of %,d files%n", done, total);
        }
    }

    private void drawBar() {
        int filled = share(done, WIDTH);
        String drawn = "#".repeat(filled) + ".".repeat(WIDTH - filled);
        out.printf(Locale.ROOT, "\r[%s] %3d %%  %,d of %,d files", drawn, share(done, 100), done, total);
        if (done == total) {
            out.println();
        }
        out.flush();
    }

    private int share(int part, int of) {
        return (int) ((long) part * of / total);
    }

    /** {@return how far it is, as a sentence's part} */
    @Override
    public synchronized String toString() {
        return String.format(Locale.ROOT, "%,d of %,d files", done, total);
    }
}
