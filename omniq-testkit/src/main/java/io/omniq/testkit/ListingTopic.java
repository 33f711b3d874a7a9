/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.ListRequest;
import io.omniq.store.ObjectKeys;
import io.omniq.store.ObjectPage;
import io.omniq.store.Version;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which keys a listing has, and in which order. */
abstract class ListingTopic extends StoreTopic {
    ListingTopic(ObjectStoreContract contract) {
        super(contract);
    }

    @Test
    void anEmptyStoreListsNothing() {
        assertThat(store().list(ListRequest.of(""))).isEqualTo(new ObjectPage(List.of(), false));
        assertThat(store().list(ListRequest.of("no/such/prefix/"))).isEqualTo(new ObjectPage(List.of(), false));
    }

    @Test
    void listsWhatIsThereAndNotWhatWas() {
        create("list/b", "x");
        Version gone = create("list/c", "x");
        create("list/a", "x");
        delete("list/c", gone);

        assertThat(keys("list/")).containsExactly("list/a", "list/b");
        assertThat(keys("")).containsExactly("list/a", "list/b");
    }

    @Test
    void ordersByWholeKeysAndNotByDirectories() {
        // '-' and '.' come before '/', digits after it: a walk of directories gets this wrong.
        List<String> ordered =
                List.of("order/a-b", "order/a-b.json", "order/a.b", "order/a/a", "order/a/b/c", "order/a0", "order/b");
        List<String> shuffled = new ArrayList<>(ordered);
        shuffled.sort(ObjectKeys.ORDER.reversed());

        createAll(shuffled);

        assertThat(keys("order/")).containsExactlyElementsOf(ordered);
        assertThat(keys("order/a")).containsExactlyElementsOf(ordered.subList(0, 6));
    }

    @Test
    void ordersByUtf8AndNotByUtf16() {
        // An emoji is a pair of surrogates, which sort below U+FFxx as UTF-16 and above it as UTF-8.
        List<String> ordered = List.of("u/A", "u/a", "u/z", "u/\u00e9", "u/\u65e5", "u/\uff5e", "u/\ud83d\ude00");

        createAll(List.of("u/\ud83d\ude00", "u/\uff5e", "u/z", "u/\u65e5", "u/a", "u/\u00e9", "u/A"));

        assertThat(keys("u/")).containsExactlyElementsOf(ordered);
        assertThat(keys(ListRequest.of("u/").after("u/\uff5e"))).containsExactly("u/\ud83d\ude00");
    }

    @Test
    void aPrefixMayEndInsideASegment() {
        createAll(List.of("q/at-100", "q/at-200", "q/b", "q/at/x", "r/at-100"));

        assertThat(keys("q/at-")).containsExactly("q/at-100", "q/at-200");
        assertThat(keys("q/at")).containsExactly("q/at-100", "q/at-200", "q/at/x");
        assertThat(keys("q")).containsExactly("q/at-100", "q/at-200", "q/at/x", "q/b");
        assertThat(keys("q/at-100")).containsExactly("q/at-100");
        assertThat(keys("q/at-100x")).isEmpty();
        assertThat(keys("q/at-100/")).isEmpty();
    }

    @Test
    void aPrefixNeverReachesOutsideTheStore() {
        create("inside/a", "x");

        for (String prefix : List.of("../", "..", "/", "./", "inside/../", "//", "inside//", "~", "*", "inside/.")) {
            assertThat(keys(prefix)).as("keys under %s", prefix).isEmpty();
        }
    }

    @Test
    void startAfterIsExclusive() {
        createAll(List.of("s/a", "s/b", "s/c"));

        assertThat(keys(ListRequest.of("s/").after("s/a"))).containsExactly("s/b", "s/c");
        assertThat(keys(ListRequest.of("s/").after("s/c"))).isEmpty();
    }

    @Test
    void endBeforeIsExclusive() {
        createAll(List.of("s/a", "s/b", "s/c"));

        assertThat(keys(ListRequest.of("s/").before("s/c"))).containsExactly("s/a", "s/b");
        assertThat(keys(ListRequest.of("s/").before("s/a"))).isEmpty();
    }

    @Test
    void boundsNeedNotBeKeys() {
        createAll(List.of("s/a", "s/b/1", "s/b/2", "s/c"));

        assertThat(keys(ListRequest.of("s/").after("s/aa"))).containsExactly("s/b/1", "s/b/2", "s/c");
        assertThat(keys(ListRequest.of("s/").after("s/b"))).containsExactly("s/b/1", "s/b/2", "s/c");
        assertThat(keys(ListRequest.of("s/").after("s/b/1x"))).containsExactly("s/b/2", "s/c");
        assertThat(keys(ListRequest.of("s/").after("s/b0"))).containsExactly("s/c");
        assertThat(keys(ListRequest.of("s/").before("s/b"))).containsExactly("s/a");
        assertThat(keys(ListRequest.of("s/").before("s/b/"))).containsExactly("s/a");
        assertThat(keys(ListRequest.of("s/").before("s/b/1x"))).containsExactly("s/a", "s/b/1");
        assertThat(keys(ListRequest.of("s/").after("s/a").before("s/b/2"))).containsExactly("s/b/1");
    }

    @Test
    void boundsMayLieOutsideThePrefix() {
        createAll(List.of("s/a", "s/b", "t/a"));

        assertThat(keys(ListRequest.of("s/").after("a"))).containsExactly("s/a", "s/b");
        assertThat(keys(ListRequest.of("s/").after(""))).containsExactly("s/a", "s/b");
        assertThat(keys(ListRequest.of("s/").after("t"))).isEmpty();
        assertThat(keys(ListRequest.of("s/").before("z"))).containsExactly("s/a", "s/b");
        assertThat(keys(ListRequest.of("s/").before("a"))).isEmpty();
        assertThat(keys(ListRequest.of("s/").after("s/b").before("s/a"))).isEmpty();
    }

    @Test
    void agreesWithASortedSetOnRandomKeysAndRequests() {
        long seed = 20_260_101;
        SplittableRandom random = new SplittableRandom(seed);
        TreeSet<String> model = new TreeSet<>(ObjectKeys.ORDER);
        while (model.size() < 60) {
            model.add(randomKey(random));
        }
        model.removeIf(key -> isDirectoryOfAnother(key, model));
        createAll(List.copyOf(model));

        for (int round = 0; round < 150; round++) {
            ListRequest request = randomRequest(random);
            List<String> expected = model.stream().filter(request::admits).toList();
            assertThat(keys(request))
                    .as("seed=%d round=%d %s", seed, round, request)
                    .isEqualTo(expected);
        }
    }

    private static boolean isDirectoryOfAnother(String key, Set<String> keys) {
        return new HashSet<>(keys).stream().anyMatch(other -> other.startsWith(key + "/"));
    }

    private static ListRequest randomRequest(SplittableRandom random) {
        String prefix = random.nextInt(3) == 0 ? "" : shortened(randomKey(random), random);
        ListRequest request = ListRequest.of(prefix).limit(1 + random.nextInt(12));
        if (random.nextBoolean()) {
            request = request.after(shortened(randomKey(random), random));
        }
        return random.nextBoolean() ? request : request.before(shortened(randomKey(random), random));
    }

    private static String shortened(String key, SplittableRandom random) {
        return key.substring(0, key.offsetByCodePoints(0, random.nextInt(key.codePointCount(0, key.length()) + 1)));
    }

    /** A key over a small alphabet, so that prefixes and bounds meet often. */
    private static String randomKey(SplittableRandom random) {
        String[] letters = {"a", "b", "A", "0", "-", ".a", "\u00e9", "\uff5e", "\ud83d\ude00"};
        StringBuilder key = new StringBuilder();
        int segments = 1 + random.nextInt(3);
        for (int segment = 0; segment < segments; segment++) {
            key.append(segment == 0 ? "" : "/");
            int length = 1 + random.nextInt(3);
            for (int i = 0; i < length; i++) {
                key.append(letters[random.nextInt(letters.length)]);
            }
        }
        return key.toString();
    }
}
