/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The check of the attempt log finds what it is for, and excuses what it must. */
class VerdictTest {
    private static final long SECOND = 1_000_000;
    private static final Life QUIET = life(10, Life.NEVER);

    private final List<Run> runs = new ArrayList<>();
    private final Map<String, Recorded> results = new HashMap<>();
    private final List<Span> stops = new ArrayList<>();

    @Test
    void aRecordedRunIsAllThereIsToSay() {
        value(QUIET, 1, 5);
        recorded(QUIET, 1, 5.2);

        Verdict verdict = verdict(Mode.KILL);
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.recoveries()).isEmpty();
    }

    @Test
    void aValueThatNoRunReturnedIsUnlogged() {
        value(QUIET, 1, 5);
        recorded(life(11, Life.NEVER), 1, 5.2);

        assertThat(verdict(Mode.KILL).violations()).containsKey("unlogged");
    }

    @Test
    void aValueOfAnotherAttemptIsUnlogged() {
        value(QUIET, 2, 5);
        recorded(QUIET, 1, 5.2);

        assertThat(verdict(Mode.KILL).violations()).containsKey("unlogged");
    }

    @Test
    void anAttemptThatStartsTwiceIsFound() {
        open(life(10, 6 * SECOND), 1, 5);
        value(life(11, Life.NEVER), 1, 9);
        recorded(life(11, Life.NEVER), 1, 9.2);

        assertThat(verdict(Mode.KILL).violations()).containsOnlyKeys("started_twice");
    }

    @Test
    void aKilledRunIsExplainedAndMeasured() {
        open(life(10, 6 * SECOND), 1, 5);
        value(life(11, Life.NEVER), 2, 9);
        recorded(life(11, Life.NEVER), 2, 9.2);

        Verdict verdict = verdict(Mode.KILL);
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.explained(Explanation.KILLED)).isEqualTo(1);
        assertThat(verdict.recoveries()).extracting(Recovery::seconds).containsExactly(3.0);
    }

    @Test
    void aRunThatNeverEndedInALivingProcessIsUnexplained() {
        open(QUIET, 1, 5);
        value(life(11, Life.NEVER), 2, 9);
        recorded(life(11, Life.NEVER), 2, 9.2);

        assertThat(verdict(Mode.KILL).violations()).containsOnlyKeys("unexplained");
    }

    @Test
    void aValueThatALivingProcessDidNotRecordIsUnexplained() {
        value(QUIET, 1, 5);
        value(life(11, Life.NEVER), 2, 9);
        recorded(life(11, Life.NEVER), 2, 9.2);

        assertThat(verdict(Mode.KILL).violations()).containsOnlyKeys("unexplained");
    }

    @Test
    void aValueLostLongBeforeTheKillIsUnexplained() {
        value(life(10, 8 * SECOND), 1, 5);
        value(life(11, Life.NEVER), 2, 12);
        recorded(life(11, Life.NEVER), 2, 12.2);

        assertThat(verdict(Mode.KILL).violations()).containsOnlyKeys("unexplained");
    }

    @Test
    void aValueOfAStoppedProcessIsExplained() {
        stops.add(new Span(5 * SECOND, 10 * SECOND));
        value(new Life(10, Life.NEVER, Life.NEVER, stops, List.of()), 1, 10.5);
        value(life(11, Life.NEVER), 2, 9);
        recorded(life(11, Life.NEVER), 2, 9.2);

        Verdict verdict = verdict(Mode.KILL);
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.explained(Explanation.STALLED)).isEqualTo(1);
    }

    @Test
    void aLowerAttemptThatStartsLaterInAWakefulProcessIsOutOfOrder() {
        failed(QUIET, 2, 5);
        value(life(11, Life.NEVER), 1, 7);
        recorded(life(11, Life.NEVER), 1, 7.2);

        assertThat(verdict(Mode.KILL).violations()).containsOnlyKeys("out_of_order");
    }

    @Test
    void aStartLongAfterTheResultIsLate() {
        value(QUIET, 1, 5);
        recorded(QUIET, 1, 5.2);
        failed(life(11, Life.NEVER), 2, 9);

        assertThat(verdict(Mode.KILL).violations()).containsOnlyKeys("started_late");
    }

    @Test
    void aFullDiskExplainsAValueThatWasNotRecorded() {
        value(QUIET, 1, 5);
        value(QUIET, 2, 9);
        recorded(QUIET, 2, 9.2);

        Verdict verdict = new Verdict(new History(Mode.FULL_DISK, runs, results, stops, 4 * SECOND));
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.explained(Explanation.FULL)).isEqualTo(1);
    }

    @Test
    void aRollingRestartMayRepeatWhatWasStoppedAndNothingElse() {
        stopped(QUIET, 1, 5);
        value(QUIET, 2, 6);
        recorded(QUIET, 2, 6.2);
        assertThat(verdict(Mode.ROLLING).violations()).isEmpty();

        failed(QUIET, 3, 6.5);
        assertThat(verdict(Mode.ROLLING).violations()).containsOnlyKeys("repeated");
    }

    @Test
    void aTaskThatEndsAsAnErrorIsABurntAttempt() {
        stopped(QUIET, 1, 5);
        results.put("t", new Recorded("t", "error", "host-10-ab", 1, "", "stopped", 6 * SECOND));

        assertThat(verdict(Mode.ROLLING).violations()).containsOnlyKeys("wrong_outcome");
        assertThat(verdict(Mode.KILL).violations()).containsOnlyKeys("wrong_outcome");
    }

    @Test
    void readsTheLogOfAKilledProcess() {
        AttemptLog log = new AttemptLog();
        log.add(
                List.of(
                        "ready 1",
                        "acknowledged t 2",
                        "start t 1 10 3",
                        "stalled 4 5",
                        "start u 4 10 6",
                        "end t 1 value 1-by-10 7",
                        "refused 8"),
                QUIET);

        Life life = QUIET.withStalls(List.of(new Span(4, 5)));
        assertThat(log.acknowledged()).containsExactly("t");
        assertThat(log.refusals()).isEqualTo(1);
        assertThat(log.firstRefusal()).isEqualTo(8);
        assertThat(log.runs())
                .containsExactly(
                        new Run(life, "t", 1, 3, Run.Ending.VALUE, 7, "1-by-10"),
                        new Run(life, "u", 4, 6, Run.Ending.OPEN, Life.NEVER, ""));
    }

    @Test
    void aProcessIsAwakeWhenItIsNeitherStoppedNorHeldUp() {
        Life life = new Life(1, Life.NEVER, Life.NEVER, List.of(new Span(30, 50)), List.of(new Span(10, 40)));

        assertThat(life.awake(0, 100)).isEqualTo(60);
        assertThat(life.awake(20, 60)).isEqualTo(10);
        assertThat(life.awake(20, 45)).isZero();
        assertThat(life.awake(60, 50)).isZero();
        assertThat(life.rested(45, 60)).isTrue();
        assertThat(life.rested(51, 60)).isFalse();
    }

    private static Life life(long pid, long killed) {
        return new Life(pid, killed, Life.NEVER, List.of(), List.of());
    }

    private Verdict verdict(Mode mode) {
        return new Verdict(new History(mode, runs, results, stops, Life.NEVER));
    }

    private void value(Life life, int attempt, double at) {
        run(life, attempt, at).add(Run.Ending.VALUE, attempt + "-by-" + life.pid());
    }

    private void failed(Life life, int attempt, double at) {
        run(life, attempt, at).add(Run.Ending.ERROR, "");
    }

    private void stopped(Life life, int attempt, double at) {
        run(life, attempt, at).add(Run.Ending.STOPPED, "");
    }

    private void open(Life life, int attempt, double at) {
        runs.add(start(life, attempt, at));
    }

    private interface Ended {
        void add(Run.Ending ending, String value);
    }

    private Ended run(Life life, int attempt, double at) {
        Run run = start(life, attempt, at);
        return (ending, value) -> runs.add(run.end(ending, run.started() + SECOND / 10, value));
    }

    private static Run start(Life life, int attempt, double at) {
        return new Run(life, "t", attempt, Math.round(at * SECOND), Run.Ending.OPEN, Life.NEVER, "");
    }

    private void recorded(Life life, int attempt, double at) {
        results.put(
                "t",
                new Recorded(
                        "t",
                        "success",
                        "host-" + life.pid() + "-ab",
                        attempt,
                        attempt + "-by-" + life.pid(),
                        "",
                        Math.round(at * SECOND)));
    }
}
