/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import io.omniq.storage.Backend;
import io.omniq.storage.BackendProvider;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Opens a {@link GcsBackend} by URL: {@code gs://bucket/prefix}. Without a path the prefix is the option {@code prefix}, else {@code omniq/}. The
 * options are the keys of {@link GcsBackend#fromConfig}. Found by the service loader; in code, use {@link GcsBackend}. Safe for use
 * by many threads.
 */
public final class GcsBackendProvider implements BackendProvider {
    private static final String BUCKET = "bucket_name";
    private static final String PREFIX = "prefix";

    /** For the service loader. */
    public GcsBackendProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("gs", "gcs");
    }

    @Override
    public Set<String> options() {
        Set<String> options = new TreeSet<>(GcsConfig.KEYS);
        options.remove(BUCKET); // the URL names it
        return options;
    }

    @Override
    public List<Fault> faults(URI url, Map<String, String> options) {
        List<Fault> faults = new ArrayList<>();
        boolean named = url.getRawAuthority() != null && url.getRawUserInfo() == null && url.getPort() < 0;
        if (!named || url.getRawQuery() != null || url.getRawFragment() != null) {
            faults.add(new Fault("", "must be gs://bucket/prefix"));
        }
        if (!prefix(url).isEmpty() && options.containsKey(PREFIX)) {
            faults.add(new Fault(PREFIX, "is in the url already; leave it out of one of them"));
        }
        for (Fault fault : GcsConfig.of(settings(url, options)).faults()) {
            boolean ofUrl = fault.option().equals(BUCKET)
                    || (fault.option().equals(PREFIX) && !prefix(url).isEmpty());
            if (!ofUrl) {
                faults.add(fault);
            } else if (faults.stream().noneMatch(known -> known.option().isEmpty())) {
                faults.add(new Fault("", fault.expectation()));
            }
        }
        return faults;
    }

    @Override
    public Backend open(URI url, Map<String, String> options) {
        return GcsBackend.fromConfig(settings(url, options));
    }

    private static Map<String, Object> settings(URI url, Map<String, String> options) {
        Map<String, Object> settings = new HashMap<>(options);
        settings.put(BUCKET, url.getRawAuthority() == null ? "" : url.getRawAuthority());
        if (!prefix(url).isEmpty()) {
            settings.put(PREFIX, prefix(url));
        }
        return settings;
    }

    private static String prefix(URI url) {
        return url.getPath() == null || url.getPath().isEmpty()
                ? ""
                : url.getPath().substring(1);
    }
}
