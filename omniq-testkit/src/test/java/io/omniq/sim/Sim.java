/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs actors, one at a time, under simulated time. Each actor is a thread that gives the baton on at every store call and
 * every wait; who goes on is chosen by the seed. So a run is a pure function of its seed, although the code under test is the
 * real one.
 */
final class Sim {
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "sim");
        thread.setDaemon(true);
        return thread;
    });
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** Ends an actor whose process has died; no code may take it for a failure. */
    static final class Death extends Error {
        private static final long serialVersionUID = 1L;

        Death() {
            super("the simulated process is dead", null, false, false);
        }
    }

    /** A process: its actors live, stall and die together. */
    static final class Life {
        final String name;
        boolean dead;
        long stalledUntil;
        /** Writes it has sent that may still land. */
        int underWay;

        Life(String name) {
            this.name = name;
        }
    }

    private final class Actor implements Runnable {
        final Life life;
        final Runnable body;
        long wakeAt;
        boolean finished;
        volatile boolean go;
        volatile @Nullable Thread thread;

        Actor(Life life, Runnable body) {
            this.life = life;
            this.body = body;
            this.wakeAt = now;
        }

        @Override
        public void run() {
            thread = Thread.currentThread();
            awaitBaton();
            try {
                if (!life.dead && !over) {
                    body.run();
                }
            } catch (Death e) {
                // as planned
            } catch (Throwable e) {
                fail(new AssertionError("actor of " + life.name + " failed", e));
            } finally {
                Thread.interrupted();
                finished = true;
                actors.remove(this);
                passOn(null);
            }
        }

        private void awaitBaton() {
            boolean interrupted = false;
            while (!go) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            go = false;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        void give() {
            go = true;
            LockSupport.unpark(thread);
        }
    }

    final SplittableRandom random;
    final Life outside = new Life("outside");
    private final List<Actor> actors = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final int mostSteps;
    private long now;
    private @Nullable Actor current;
    private int steps;
    private boolean over;
    private @Nullable AssertionError failure;

    Sim(long seed, int mostSteps) {
        this.random = new SplittableRandom(seed);
        this.mostSteps = mostSteps;
    }

    long nanos() {
        return now;
    }

    Instant time() {
        return START.plusNanos(now);
    }

    int steps() {
        return steps;
    }

    boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    Duration upTo(Duration most) {
        return Duration.ofNanos(random.nextLong(most.toNanos() + 1));
    }

    /** A new actor; it takes its first turn some time later. */
    void spawn(Life life, Runnable body) {
        Actor actor = new Actor(life, body);
        actors.add(actor);
        THREADS.execute(actor);
    }

    /** Runs until {@link #finish} is called, an invariant fails or the steps are used up. */
    void run() {
        passOn(null);
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        if (failure != null) {
            throw failure;
        }
    }

    void finish() {
        over = true;
    }

    void fail(AssertionError error) {
        if (failure == null) {
            failure = error;
        }
        over = true;
    }

    void kill(Life life) {
        life.dead = true;
        for (Actor actor : actors) {
            if (actor.life == life) {
                actor.wakeAt = now;
            }
        }
    }

    /** Lets others run; time passes. */
    void pause(Duration least) {
        Actor me = current;
        if (me == null) {
            throw new IllegalStateException("not on an actor's thread");
        }
        checkAlive(me);
        me.wakeAt = now + least.toNanos();
        passOn(me);
        checkAlive(me);
    }

    private void checkAlive(Actor actor) {
        if (actor.life.dead || over) {
            throw new Death();
        }
    }

    /** Chooses who goes on, and waits for the baton to come back unless the giver is finished. */
    private void passOn(@Nullable Actor giver) {
        if (++steps > mostSteps && !over) {
            fail(new AssertionError("the run does not end: steps=" + steps + " time=" + time()));
        }
        Actor next = choose();
        if (next == null) {
            ended.countDown();
            return;
        }
        current = next;
        if (next == giver) {
            return;
        }
        next.give();
        if (giver != null) {
            giver.awaitBaton();
        }
    }

    private @Nullable Actor choose() {
        if (actors.isEmpty()) {
            return null;
        }
        if (over) {
            return actors.get(actors.size() - 1); // unwinds one after the other
        }
        List<Actor> ready = new ArrayList<>();
        long soonest = Long.MAX_VALUE;
        for (Actor actor : actors) {
            long at = actor.life.dead ? now : Math.max(actor.wakeAt, actor.life.stalledUntil);
            if (at <= now) {
                ready.add(actor);
            }
            soonest = Math.min(soonest, at);
        }
        if (ready.isEmpty()) {
            now = soonest;
            return choose();
        }
        now += random.nextInt(500_000); // a store call takes some time
        return ready.get(random.nextInt(ready.size()));
    }
}
