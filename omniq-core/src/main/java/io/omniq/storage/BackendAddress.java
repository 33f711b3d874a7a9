/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a backend is, and its options: {@code memory:}, {@code file:///data/omniq}, {@code gs://bucket/prefix}, or the URL of any
 * {@link BackendProvider} on the class path or module path. Opens nothing until {@link #open()}. Immutable.
 *
 * @param url the URL, normalized
 * @param options the provider's options as text, by name; a copy is kept
 */
public record BackendAddress(URI url, Map<String, String> options) {
    private static final String EXAMPLES = "memory:, file:///data/omniq or gs://bucket/prefix";
    /** A scheme has two letters at least: {@code C:} is a drive. */
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):(.*)", Pattern.DOTALL);

    private static final Map<String, String> ARTIFACTS = Map.of(
            "file",
            "io.omniq:omniq-backend-file",
            "gs",
            "io.omniq:omniq-backend-gcs",
            "gcs",
            "io.omniq:omniq-backend-gcs");

    /** Normalizes the URL, and copies the options. */
    public BackendAddress {
        url = url.normalize();
        options = Collections.unmodifiableMap(new TreeMap<>(options));
    }

    /**
     * An address without options.
     *
     * @param url the URL as text; a character that a URL cannot have, such as a space, is written as {@code %20}
     * @return the address
     * @throws IllegalArgumentException when it is no URL; the message does not repeat it, because it may hold a secret
     */
    public static BackendAddress of(String url) {
        return new BackendAddress(parse(url), Map.of());
    }

    /**
     * An address from a type and what stands after the colon.
     *
     * @param type the scheme, such as {@code file}
     * @param rest the rest, such as a path with any characters; may be empty
     * @return the address
     * @throws IllegalArgumentException when the two make no URL
     */
    public static BackendAddress of(String type, String rest) {
        try {
            String path = rest.isEmpty() ? "/" : rest;
            return new BackendAddress(new URI(type.toLowerCase(Locale.ROOT), path, null), Map.of());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("must be a backend's type, such as memory, file or gcs", e);
        }
    }

    /**
     * Whether a text begins with a scheme.
     *
     * @param text the text
     * @return whether it does; {@code C:} is no scheme, but a drive
     */
    public static boolean hasScheme(String text) {
        return SCHEME.matcher(text).matches();
    }

    private static URI parse(String text) {
        Matcher parts = SCHEME.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("must be a URL, such as " + EXAMPLES);
        }
        String scheme = parts.group(1).toLowerCase(Locale.ROOT);
        try {
            // java.net.URI wants something after the colon.
            return parts.group(2).matches("/*") ? new URI(scheme, "/", null) : new URI(scheme + ":" + parts.group(2));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "must be a URL, such as " + EXAMPLES + "; " + e.getReason().toLowerCase(Locale.ROOT) + " at index "
                            + e.getIndex() + " (a space is written as %20)");
        }
    }

    /**
     * The same place with options.
     *
     * @param values values by name
     * @return the address
     */
    public BackendAddress withOptions(Map<String, String> values) {
        return new BackendAddress(url, values);
    }

    /**
     * Who can open it.
     *
     * @return the one provider that knows the URL's scheme
     * @throws IllegalArgumentException when none does, naming the Maven artifact to add or the schemes that are known, or when
     *     several do
     */
    public BackendProvider provider() {
        String scheme = Objects.requireNonNull(url.getScheme(), "scheme").toLowerCase(Locale.ROOT);
        List<BackendProvider> installed = installed();
        List<BackendProvider> able = installed.stream()
                .filter(provider -> provider.schemes().contains(scheme))
                .toList();
        if (able.size() == 1) {
            return able.get(0);
        }
        if (!able.isEmpty()) {
            throw new IllegalArgumentException("several modules know this type, keep one of them: "
                    + able.stream()
                            .map(provider -> provider.getClass().getName())
                            .sorted()
                            .toList());
        }
        String artifact = ARTIFACTS.get(scheme);
        if (artifact != null) {
            throw new IllegalArgumentException("no module here knows this type, add the Maven artifact " + artifact);
        }
        TreeSet<String> known = new TreeSet<>(ARTIFACTS.keySet());
        installed.forEach(provider -> known.addAll(provider.schemes()));
        throw new IllegalArgumentException(
                "no backend has this type, known are " + String.join(", ", known) + "; others need a BackendProvider");
    }

    /** The thread's class loader first, as always with services; a pool's thread may have one that sees too little. */
    private static List<BackendProvider> installed() {
        return Stream.of(
                        ServiceLoader.load(BackendProvider.class),
                        ServiceLoader.load(BackendProvider.class, BackendProvider.class.getClassLoader()))
                .flatMap(loader -> loader.stream())
                .collect(Collectors.toMap(ServiceLoader.Provider::type, found -> found, (one, same) -> one))
                .values()
                .stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /**
     * Opens it.
     *
     * @return the backend; the caller closes it
     * @throws IllegalArgumentException when nobody can, or the URL or an option is refused, naming all that is wrong
     * @throws io.omniq.store.StorageException when it cannot be opened
     */
    public Backend open() {
        BackendProvider provider = provider();
        TreeSet<String> unknown = new TreeSet<>(options.keySet());
        unknown.removeAll(provider.options());
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("unknown options " + unknown + "; known are "
                    + new TreeSet<>(provider.options()) + ": url=" + shown(url.toString()));
        }
        List<BackendProvider.Fault> faults = provider.faults(url, options);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(faults.stream()
                            .map(fault ->
                                    (fault.option().isEmpty() ? "the url" : fault.option()) + " " + fault.expectation())
                            .collect(Collectors.joining("; ", "the address does not fit: ", ""))
                    + ": url=" + shown(url.toString()));
        }
        return provider.open(url, options);
    }

    /**
     * A URL as it may be shown: without user, password and query.
     *
     * @param url the URL
     * @return the same with {@code ***} in their place
     */
    public static String shown(String url) {
        return url.replaceAll("(?s)//.*@", "//***@").replaceAll("(?s)\\?.*", "?***");
    }

    /** {@return URL and names of options; no values of options, for they may be secrets} */
    @Override
    public String toString() {
        return "BackendAddress[url=" + shown(url.toString()) + ", options=" + options.keySet() + "]";
    }
}
