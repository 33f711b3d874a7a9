/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which calls go wrong: by a script, or by dice from a seed. A scripted fault that fits comes before the dice.
 * The calls inside a batch are asked one by one. Thread-safe.
 *
 * <pre>{@code
 * emulator.faults().failNext(GcsMethod.OBJECTS_INSERT, GcsFault.lostAnswer());
 * emulator.faults().fail(3, call -> call.object().startsWith("leases/"), GcsFault.errorBefore(503));
 * emulator.faults().roll(42, Map.of(GcsFault.lostAnswer(), 0.05, GcsFault.errorBefore(429), 0.05));
 * }</pre>
 */
public final class GcsFaults {
    private record Scripted(Predicate<GcsCall> calls, GcsFault fault) {}

    private final Deque<Scripted> script = new ArrayDeque<>();
    private final Map<GcsFault, Long> injected = new HashMap<>();
    private Map<GcsFault, Double> rates = Map.of();
    private SplittableRandom random = new SplittableRandom(0);

    GcsFaults() {}

    /**
     * Lets the next call of a method go wrong.
     *
     * @param method which
     * @param fault what happens
     */
    public void failNext(GcsMethod method, GcsFault fault) {
        fail(1, call -> call.method() == method, fault);
    }

    /**
     * Lets the next call of a method on certain objects go wrong.
     *
     * @param method which
     * @param objectPrefix how the name of the object, or the prefix of a listing, begins
     * @param fault what happens
     */
    public void failNext(GcsMethod method, String objectPrefix, GcsFault fault) {
        Objects.requireNonNull(objectPrefix, "objectPrefix");
        fail(1, call -> call.method() == method && call.object().startsWith(objectPrefix), fault);
    }

    /**
     * Lets a number of calls go wrong: a burst.
     *
     * @param times how many, one or more
     * @param calls which; asked in the threads that serve
     * @param fault what happens to each
     * @throws IllegalArgumentException when the number is not positive
     */
    public synchronized void fail(int times, Predicate<GcsCall> calls, GcsFault fault) {
        Objects.requireNonNull(calls, "calls");
        Objects.requireNonNull(fault, "fault");
        if (times < 1) {
            throw new IllegalArgumentException("a fault must happen once or more: times=" + times);
        }
        for (int i = 0; i < times; i++) {
            script.add(new Scripted(calls, fault));
        }
    }

    /**
     * Lets calls go wrong at random. The same seed and the same calls in the same order have the same faults. Replaces
     * what was rolled before; the script stays.
     *
     * @param seed where the randomness starts
     * @param rates for each fault how likely it hits one call it can hit, 0 to 1, together at most 1
     * @throws IllegalArgumentException when a rate is no probability, or they are too much together
     */
    public synchronized void roll(long seed, Map<GcsFault, Double> rates) {
        double sum = 0;
        for (Map.Entry<GcsFault, Double> rate : rates.entrySet()) {
            if (!(rate.getValue() >= 0 && rate.getValue() <= 1)) {
                throw new IllegalArgumentException(
                        "a rate must be 0 to 1: fault=" + rate.getKey() + " rate=" + rate.getValue());
            }
            sum += rate.getValue();
        }
        // A little more than one: ten times a tenth is not exactly one in floating point.
        if (sum > 1 + 1e-9) {
            throw new IllegalArgumentException("the rates together must not exceed 1: sum=" + sum);
        }
        this.rates = inOrder(rates);
        this.random = new SplittableRandom(seed);
    }

    /** The order of a map of the caller's may differ from run to run; the dice must not. */
    private static Map<GcsFault, Double> inOrder(Map<GcsFault, Double> rates) {
        Map<GcsFault, Double> ordered = new LinkedHashMap<>();
        rates.entrySet().stream()
                .sorted((a, b) -> a.getKey().toString().compareTo(b.getKey().toString()))
                .forEach(rate -> ordered.put(rate.getKey(), rate.getValue()));
        return ordered;
    }

    /** Ends all faults, scripted and rolled. Those under way go on. */
    public synchronized void calm() {
        script.clear();
        rates = Map.of();
    }

    /** {@return how many scripted faults have not hit anything yet} */
    public synchronized int scripted() {
        return script.size();
    }

    /** {@return how often each fault hit a call so far; those that never did are missing} */
    public synchronized Map<GcsFault, Long> injected() {
        return Map.copyOf(injected);
    }

    /** Decides about one call; {@code null} means that nothing goes wrong. One throw of the dice for each call. */
    synchronized @Nullable GcsFault next(GcsCall call) {
        GcsFault rolled = rolled(call);
        GcsFault scripted = takeScripted(call);
        GcsFault fault = scripted != null ? scripted : rolled;
        if (fault != null) {
            injected.merge(fault, 1L, Long::sum);
        }
        return fault;
    }

    private @Nullable GcsFault rolled(GcsCall call) {
        double number = random.nextDouble();
        for (Map.Entry<GcsFault, Double> rate : rates.entrySet()) {
            number -= rate.getValue();
            if (number < 0) {
                return rate.getKey().canHit(call) ? rate.getKey() : null;
            }
        }
        return null;
    }

    private @Nullable GcsFault takeScripted(GcsCall call) {
        for (Iterator<Scripted> rest = script.iterator(); rest.hasNext(); ) {
            Scripted next = rest.next();
            if (next.fault().canHit(call) && next.calls().test(call)) {
                rest.remove();
                return next.fault();
            }
        }
        return null;
    }
}
