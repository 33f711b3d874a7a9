/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectKeys;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;

/**
 * A listing followed to its end by {@code startAfter}, every page checked on the way: within the limit, inside the
 * bounds, in order, and telling the truth about whether more follows.
 */
record PageWalk(List<ListedObject> objects, int pages) {
    static PageWalk of(ObjectStore store, ListRequest request) {
        List<ListedObject> objects = new ArrayList<>();
        ListRequest next = request;
        for (int pages = 1; ; pages++) {
            ObjectPage page = store.list(next);
            check(page, next, pages > 1);
            objects.addAll(page.objects());
            if (!page.more()) {
                return new PageWalk(List.copyOf(objects), pages);
            }
            next = next.after(objects.get(objects.size() - 1).key());
        }
    }

    private static void check(ObjectPage page, ListRequest request, boolean announced) {
        assertThat(page.objects()).as("size of page %s", request).hasSizeLessThanOrEqualTo(request.limit());
        assertThat(page.objects()).as("keys of page %s", request).allMatch(object -> request.admits(object.key()));
        if (page.more()) {
            assertThat(page.objects())
                    .as("a page after which more follows must say after what: %s", request)
                    .isNotEmpty();
        }
        if (announced) {
            assertThat(page.objects())
                    .as("the page before said that more follows: %s", request)
                    .isNotEmpty();
        }
        List<String> keys = page.objects().stream().map(ListedObject::key).toList();
        for (int i = 1; i < keys.size(); i++) {
            assertThat(ObjectKeys.ORDER.compare(keys.get(i - 1), keys.get(i)))
                    .as("order of %s before %s in page %s", keys.get(i - 1), keys.get(i), request)
                    .isNegative();
        }
    }

    List<String> keys() {
        return objects.stream().map(ListedObject::key).toList();
    }
}
