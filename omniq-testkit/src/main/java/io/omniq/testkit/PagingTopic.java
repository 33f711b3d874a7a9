/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectPage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Listings in pages: everything once, and {@link ObjectPage#more()} exact, so that no poll costs a page too many. */
abstract class PagingTopic extends StoreTopic {
    PagingTopic(ObjectStoreContract contract) {
        super(contract);
    }

    @Test
    void pagesOfAnySizeCoverEverythingOnce() {
        List<String> keys = numbered(25);
        createAll(keys);
        create("other/000", "x");

        for (int limit : new int[] {1, 2, 3, 5, 24, 25, 26, ListRequest.MAX_LIMIT}) {
            assertThat(keys(ListRequest.of("page/").limit(limit)))
                    .as("keys in pages of %d", limit)
                    .isEqualTo(keys);
        }
    }

    @Test
    void theLastPageSaysSoEvenIfItIsFull() {
        createAll(numbered(6));
        create("pagf", "just behind the prefix");
        create("pag", "just before the prefix");

        ObjectPage first = store().list(ListRequest.of("page/").limit(3));
        ObjectPage last = store().list(ListRequest.of("page/").limit(3).after("page/00002"));
        ObjectPage all = store().list(ListRequest.of("page/").limit(6));

        assertThat(first.more()).as("three of six keys shown").isTrue();
        assertThat(last.objects()).hasSize(3);
        assertThat(last.more()).as("six of six keys shown in two full pages").isFalse();
        assertThat(all.more()).as("six of six keys shown in one full page").isFalse();
    }

    @Test
    void keysBehindTheUpperBoundAreNotMore() {
        createAll(numbered(6));

        ObjectPage page = store().list(ListRequest.of("page/").limit(3).before("page/00003"));

        assertThat(page.objects()).hasSize(3);
        assertThat(page.more()).isFalse();
    }

    @Test
    void aPageOfOneSaysWhetherMoreFollows() {
        createAll(numbered(2));

        assertThat(store().list(ListRequest.of("page/").limit(1)).more()).isTrue();
        assertThat(store().list(ListRequest.of("page/").limit(1).after("page/00000"))
                        .more())
                .isFalse();
        assertThat(store().list(ListRequest.of("page/").limit(1).after("page/00001"))
                        .more())
                .isFalse();
    }

    @Test
    void theLargestPageFitsExactly() {
        createAll(numbered(ListRequest.MAX_LIMIT));

        PageWalk exact = PageWalk.of(store(), ListRequest.of("page/"));
        create("page/99999", "one more");
        PageWalk over = PageWalk.of(store(), ListRequest.of("page/"));

        assertThat(exact.keys()).isEqualTo(numbered(ListRequest.MAX_LIMIT));
        assertThat(over.objects()).hasSize(ListRequest.MAX_LIMIT + 1);
        assertThat(over.pages()).isGreaterThan(1);
    }

    @Test
    void aKeyCreatedBehindTheCursorIsStillMet() {
        createAll(numbered(4));
        ObjectPage first = store().list(ListRequest.of("page/").limit(2));

        create("page/00003-late", "x");
        List<ListedObject> rest = PageWalk.of(
                        store(), ListRequest.of("page/").limit(2).after(lastKey(first)))
                .objects();

        assertThat(rest).extracting(ListedObject::key).endsWith("page/00003", "page/00003-late");
    }

    @Test
    void theCursorsOwnObjectMayBeGone() {
        createAll(numbered(4));
        ObjectPage first = store().list(ListRequest.of("page/").limit(2));
        String cursor = lastKey(first);
        delete(cursor, read(cursor).version());

        assertThat(keys(ListRequest.of("page/").limit(2).after(cursor))).endsWith("page/00002", "page/00003");
    }

    private static String lastKey(ObjectPage page) {
        return page.objects().get(page.objects().size() - 1).key();
    }

    private static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj("page/%05d"::formatted).toList();
    }
}
