/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a listing.
 *
 * @param items the objects, by name and generation
 * @param prefixes names up to the delimiter, each once
 * @param next where the next page goes on; {@code null} after the last
 */
record Listing(
        List<Blob> items, List<String> prefixes, @Nullable PageToken next) {
    private static final Comparator<Blob> ORDER =
            Comparator.comparing(Blob::name, Names.UTF8_ORDER).thenComparingLong(Blob::generation);

    /** What is asked for. Texts that do not matter are empty. */
    record Query(
            String prefix,
            String delimiter,
            String startOffset,
            String endOffset,
            Glob glob,
            boolean versions,
            boolean softDeleted,
            int limit,
            @Nullable PageToken after) {
        static Query of(Parameters parameters, int most) {
            int asked = (int) Math.min(most, parameters.number("maxResults").orElse(most));
            if (asked < 0) {
                throw GcsError.invalidParameter("maxResults", Integer.toString(asked));
            }
            String token = parameters.text("pageToken");
            return new Query(
                    parameters.text("prefix"),
                    parameters.text("delimiter"),
                    parameters.text("startOffset"),
                    parameters.text("endOffset"),
                    Glob.of(parameters.text("matchGlob")),
                    parameters.isTrue("versions"),
                    parameters.isTrue("softDeleted"),
                    asked == 0 ? most : asked,
                    token.isEmpty() ? null : PageToken.parse(token));
        }

        boolean isOfGenerations() {
            return versions || softDeleted;
        }

        /** No name before this one can be on the page. */
        String firstName() {
            String first = later(prefix, startOffset);
            return after == null ? first : later(first, after.name());
        }

        private static String later(String a, String b) {
            return Names.UTF8_ORDER.compare(a, b) < 0 ? b : a;
        }

        boolean isBehind(String name) {
            boolean behindPrefix = !name.startsWith(prefix) && Names.UTF8_ORDER.compare(name, prefix) > 0;
            return behindPrefix || (!endOffset.isEmpty() && Names.UTF8_ORDER.compare(name, endOffset) >= 0);
        }

        boolean wants(Blob blob) {
            return Names.UTF8_ORDER.compare(blob.name(), firstName()) >= 0
                    && (after == null || !after.covers(blob))
                    && glob.matches(blob.name());
        }

        /** The name up to the first delimiter behind the prefix; {@code null} if there is none. */
        @Nullable
        String folder(String name) {
            if (delimiter.isEmpty()) {
                return null;
            }
            int at = name.indexOf(delimiter, prefix.length());
            return at < 0 ? null : name.substring(0, at + delimiter.length());
        }
    }

    static List<Blob> sorted(Collection<Blob> some, Collection<Blob> others) {
        List<Blob> all = new ArrayList<>(some);
        all.addAll(others);
        all.sort(ORDER);
        return all;
    }

    /** Takes one page from what is there, in order. */
    static Listing of(Iterable<Blob> there, Query query) {
        List<Blob> items = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        PageToken last = null;
        for (Blob blob : there) {
            if (query.isBehind(blob.name())) {
                break;
            }
            String folder = query.folder(blob.name());
            if (!query.wants(blob) || (folder != null && isLast(prefixes, folder))) {
                continue;
            }
            if (items.size() + prefixes.size() == query.limit()) {
                return new Listing(items, prefixes, last);
            }
            if (folder == null) {
                items.add(blob);
                last = query.isOfGenerations() ? PageToken.afterGeneration(blob) : PageToken.afterName(blob);
            } else {
                prefixes.add(folder);
                last = PageToken.afterFolder(folder);
            }
        }
        return new Listing(items, prefixes, null);
    }

    /** A page with nothing on it that goes on where the one asked for would begin. */
    static Answer emptyPage(WireRequest request) {
        Query query = Query.of(request.parameters(), 1);
        PageToken next = query.after() == null ? PageToken.before(query.firstName()) : query.after();
        return Answer.json(200, Json.object().put("kind", "storage#objects").put("nextPageToken", next.text()));
    }

    private static boolean isLast(List<String> prefixes, String folder) {
        return !prefixes.isEmpty() && prefixes.get(prefixes.size() - 1).equals(folder);
    }
}
