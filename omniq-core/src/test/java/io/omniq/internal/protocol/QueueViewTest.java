/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueueViewTest {
    private final ScriptedStore scripted = new ScriptedStore();
    private final ReliableStore store = new ReliableStore(scripted, scripted.surroundings);
    private final QueueView view = new QueueView("q");

    private static String key(int i) {
        return String.format(Locale.ROOT, "queues/q/100-%05d.json", i);
    }

    private void fill(int from, int to) {
        IntStream.range(from, to)
                .forEach(i -> scripted.real.write(List.of(Write.create(key(i), new byte[0], Map.of()))));
    }

    private void refresh(long seen) {
        view.refresh(store, ScriptedStore.NOW, 0, seen);
    }

    private List<Candidate> open() {
        List<Candidate> open = new ArrayList<>();
        view.forEach(open::add);
        return open;
    }

    private List<String> keys() {
        return open().stream().map(candidate -> candidate.key).toList();
    }

    @Test
    void goesOnPageByPageAndBeginsAgain() {
        fill(0, 2_500);

        refresh(1);
        assertThat(keys()).hasSize(1_000).startsWith(key(0)).endsWith(key(999));
        refresh(2);
        assertThat(keys()).hasSize(1_000).startsWith(key(1_000));
        refresh(3);
        assertThat(keys()).hasSize(500).endsWith(key(2_499));
        refresh(4);
        assertThat(keys()).startsWith(key(0));
    }

    @Test
    void keepsWhatIsKnownOfUnchangedVersions() {
        fill(0, 2);
        refresh(1);
        Candidate first = open().get(0);
        Candidate second = open().get(1);
        scripted.real.write(List.of(Write.replace(key(1), second.version, new byte[1])));

        refresh(2);

        assertThat(open().get(0)).isSameAs(first);
        assertThat(open().get(0).seen).isEqualTo(1);
        assertThat(open().get(1)).isNotSameAs(second);
        assertThat(open().get(1).seen).isEqualTo(2);
    }

    @Test
    void showsWhatIsMoreUrgentBeforeWhatLiesBehind() {
        fill(0, 2_500);
        refresh(1);
        refresh(2);
        List<Candidate> behind = open();
        scripted.real.write(List.of(Write.create("queues/q/000-urgent.json", new byte[0])));

        view.refreshFront(store, ScriptedStore.NOW, 0, 3);

        assertThat(keys()).hasSize(2_000).startsWith("queues/q/000-urgent.json", key(0));
        // One line of the front page moved on; what was open behind it is still the same.
        assertThat(open().subList(1_000, 2_000)).containsExactlyElementsOf(behind);
        refresh(4);
        assertThat(keys()).startsWith(key(2_000));
    }

    @Test
    void lookingAtTheFrontOfAShortQueueIsARefresh() {
        fill(0, 5);
        refresh(1);
        fill(5, 7);

        view.refreshFront(store, ScriptedStore.NOW, 0, 2);

        assertThat(keys()).hasSize(7);
        refresh(3);
        assertThat(keys()).hasSize(7);
    }

    @Test
    void lookingAtTheFrontDoesNotBringBackWhatIsGone() {
        fill(0, 1_500);
        refresh(1);
        refresh(2);
        view.forEach(candidate -> scripted.real.write(List.of(Write.delete(candidate.key, candidate.version))));

        view.refreshFront(store, ScriptedStore.NOW, 0, 3);

        assertThat(keys()).hasSize(1_000).endsWith(key(999));
    }

    @Test
    void forgetsWhatWasDealtWith() {
        fill(0, 3);
        refresh(1);

        view.removeAll(List.of(open().get(1)));

        assertThat(keys()).containsExactly(key(0), key(2));
    }

    @Test
    void knowsHowOldItIs() {
        view.refresh(store, ScriptedStore.NOW, 5_000, 1);

        assertThat(view.isOlderThan(Duration.ofNanos(100), 5_100)).isFalse();
        assertThat(view.isOlderThan(Duration.ofNanos(100), 5_101)).isTrue();
    }

    @Test
    void asksForNothingThatIsNotDue() {
        refresh(1);

        assertThat(scripted.listed.get(0).endBefore()).isEqualTo(Layout.notDue("q", ScriptedStore.NOW));
    }
}
