/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.store.Write;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which fault hits which operation: a scripted one if one fits, else by the dice of the plan. One throw of the
 * dice for each operation, whatever it shows, so that one decision does not shift the meaning of the later ones.
 */
final class FaultDice {
    /** One scripted fault; {@code stale} is what a scripted {@link Fault#STALE_LIST} answers from. */
    record Scripted(
            StoreOperation operation,
            String keyPrefix,
            Fault fault,
            @Nullable ListingSnapshot stale) {
        boolean fits(StoreOperation asked, String key) {
            return operation == asked && key.startsWith(keyPrefix);
        }
    }

    private final Deque<Scripted> script = new ArrayDeque<>();
    private FaultPlan plan;
    private SplittableRandom random;

    FaultDice(FaultPlan plan) {
        this.plan = plan;
        this.random = new SplittableRandom(plan.seed());
    }

    synchronized void follow(FaultPlan next) {
        plan = next;
        random = new SplittableRandom(next.seed());
    }

    synchronized FaultPlan plan() {
        return plan;
    }

    synchronized void add(Scripted scripted) {
        script.add(scripted);
    }

    synchronized int scripted() {
        return script.size();
    }

    /** A number from 0 up to but not including the bound. */
    synchronized int below(int bound) {
        return random.nextInt(bound);
    }

    /** Takes the first scripted fault that fits, if there is one. */
    private @Nullable Scripted takeScripted(Predicate<Scripted> fits) {
        for (Iterator<Scripted> rest = script.iterator(); rest.hasNext(); ) {
            Scripted next = rest.next();
            if (fits.test(next)) {
                rest.remove();
                return next;
            }
        }
        return null;
    }

    /** Decides whether a whole group fails. */
    synchronized boolean groupFails(List<Write> writes) {
        boolean byDice = random.nextDouble() < plan.probability(Fault.FAIL_GROUP);
        Scripted scripted = takeScripted(entry -> entry.fault() == Fault.FAIL_GROUP
                && writes.stream().anyMatch(write -> entry.fits(StoreOperation.of(write), write.key())));
        return byDice || scripted != null;
    }

    /** Decides about one operation; {@code null} means that nothing goes wrong. */
    synchronized @Nullable Scripted next(StoreOperation operation, String key) {
        double number = random.nextDouble();
        Scripted scripted = takeScripted(entry -> entry.fault() != Fault.FAIL_GROUP && entry.fits(operation, key));
        if (scripted != null) {
            return scripted;
        }
        for (Fault fault : Fault.values()) {
            if (fault != Fault.FAIL_GROUP && fault.canHit(operation)) {
                number -= plan.probability(fault);
                if (number < 0) {
                    return new Scripted(operation, key, fault, null);
                }
            }
        }
        return null;
    }
}
