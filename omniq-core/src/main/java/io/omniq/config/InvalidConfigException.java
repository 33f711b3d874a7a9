/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import io.omniq.OmniQException;
import java.util.List;
import java.util.stream.Collectors;

/** Settings do not fit. It lists all that is wrong with them, not the first thing only; nothing was opened. */
public class InvalidConfigException extends OmniQException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    /**
     * A refusal.
     *
     * @param problems all that is wrong, one text for each: what is wrong and the remedy, then key, value and source; secrets are
     *     not in them
     */
    public InvalidConfigException(List<String> problems) {
        super(problems.stream()
                .map(problem -> "\n- " + problem)
                .collect(Collectors.joining("", "the configuration does not fit: problems=" + problems.size(), "")));
        this.problems = List.copyOf(problems);
    }

    /** {@return all that is wrong, in the order in which the sources were given} */
    public List<String> problems() {
        return problems;
    }
}
