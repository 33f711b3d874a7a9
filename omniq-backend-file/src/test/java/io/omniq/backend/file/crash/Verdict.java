/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares the attempt log with the recorded results.
 *
 * <p>The log tells when a handler starts, not when its task was claimed, and a process may be held up between the two. So what
 * is checked of the order of runs is what no delay can excuse: a process that was awake for longer than
 * {@link History#AT_ONCE} between a claim and a start. Between runs of the same process, or when nobody is held up, nothing
 * is excused for longer than that.
 */
final class Verdict {
    /** The clock of the file system runs behind the host's by up to a tick. */
    private static final long TICK = 20_000;

    private final History history;
    private final Map<String, List<Run>> byTask = new HashMap<>();
    private final Map<String, List<String>> violations = new TreeMap<>();
    private final Map<Explanation, Integer> explanations = new EnumMap<>(Explanation.class);
    private final List<Recovery> recoveries = new ArrayList<>();

    Verdict(History history) {
        this.history = history;
        for (Run run : history.runs()) {
            byTask.computeIfAbsent(run.task(), task -> new ArrayList<>()).add(run);
        }
        byTask.values().forEach(runs -> runs.sort(Comparator.comparingLong(Run::started)));
        history.results().values().forEach(this::checkResult);
        byTask.values().forEach(this::checkTask);
    }

    /** What is wrong, by kind; nothing is wrong when it is empty. */
    Map<String, List<String>> violations() {
        return violations;
    }

    int explained(Explanation explanation) {
        return explanations.getOrDefault(explanation, 0);
    }

    /** From the kill of a worker, or the end of a run told to stop, to the next start of the task. */
    List<Recovery> recoveries() {
        return recoveries;
    }

    private void violated(String kind, String what) {
        violations.computeIfAbsent(kind, k -> new ArrayList<>()).add(what);
    }

    /** A value is recorded only of a run that returned it; another end is one this task may have. */
    private void checkResult(Recorded result) {
        List<Run> runs = byTask.getOrDefault(result.task(), List.of());
        boolean known = runs.stream().anyMatch(result::isOf);
        if (result.status().equals("success") && !known) {
            violated("unlogged", result.toString());
        } else if (!result.status().equals("success") && (history.mode() == Mode.ROLLING || !result.isGivenUp())) {
            violated("wrong_outcome", result.toString());
        }
    }

    private void checkTask(List<Run> runs) {
        Set<Integer> attempts = new HashSet<>();
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            if (!attempts.add(run.attempt())) {
                violated("started_twice", run.toString());
            }
            checkOrder(runs.subList(0, i), run);
            checkReason(run);
            if (i + 1 < runs.size()) {
                checkNext(run, runs.get(i + 1));
            }
        }
    }

    /** A claim comes after the claims with lower numbers, so only a process held up between claim and start is late. */
    private void checkOrder(List<Run> before, Run run) {
        for (Run earlier : before) {
            if (earlier.attempt() > run.attempt()
                    && run.life().awake(earlier.started(), run.started()) > History.AT_ONCE) {
                violated("out_of_order", run + " after " + earlier);
            }
        }
        Recorded result = history.results().get(run.task());
        if (result != null && run.life().awake(result.landed() + TICK, run.started()) > History.AT_ONCE) {
            violated("started_late", run + " after " + result);
        }
    }

    private void checkReason(Run run) {
        Recorded result = history.results().get(run.task());
        if (result != null && result.isOf(run)) {
            return;
        }
        Explanation explanation = Explanation.of(run, history);
        explanations.merge(explanation, 1, Integer::sum);
        if (explanation == Explanation.NONE) {
            violated("unexplained", run + " result=" + result);
        }
    }

    private void checkNext(Run run, Run next) {
        if (history.mode() == Mode.ROLLING && run.ending() == Run.Ending.VALUE) {
            violated("repeated", next + " after " + run);
        }
        long killed = run.life().killed();
        if (run.ending() == Run.Ending.OPEN && killed <= next.started()) {
            recoveries.add(new Recovery(run, killed, next));
        } else if (run.ending() == Run.Ending.STOPPED && run.life().terminated() != Life.NEVER) {
            recoveries.add(new Recovery(run, run.ended(), next));
        }
    }
}
