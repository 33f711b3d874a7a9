/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes backends from URLs: what a module offers so that settings can name its backend. Found by {@link java.util.ServiceLoader},
 * through {@code META-INF/services} and, in a module, {@code provides}. It needs a public constructor without parameters, and
 * keeps no state.
 */
public interface BackendProvider {
    /** {@return the schemes of the URLs it knows, in lower case; a setting's {@code type} is one of them too} */
    Set<String> schemes();

    /** {@return the names of the options it knows; others are refused before {@link #faults} is asked} */
    Set<String> options();

    /**
     * What is wrong with a URL and its options, without opening anything.
     *
     * @param url the URL, with one of its schemes
     * @param options values by name, as text; only names of {@link #options()}
     * @return all that is wrong; empty when {@link #open} can be called
     */
    List<Fault> faults(URI url, Map<String, String> options);

    /**
     * Opens a backend that {@link #faults} found nothing wrong with.
     *
     * @param url the URL
     * @param options values by name, as text
     * @return the backend; the caller closes it
     * @throws io.omniq.store.StorageException when it cannot be opened
     */
    Backend open(URI url, Map<String, String> options);

    /**
     * One thing that is wrong.
     *
     * @param option the option's name; empty for the URL itself
     * @param expectation what it must be, such as {@code must be a number of seconds}; without the value, which may be a secret
     */
    record Fault(String option, String expectation) {}
}
