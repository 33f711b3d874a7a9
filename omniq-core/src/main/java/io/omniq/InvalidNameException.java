/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

/** A name (task, task id, queue, schedule, worker or object key) that OmniQ refuses before anything is written. */
public class InvalidNameException extends OmniQException {
    private static final long serialVersionUID = 1L;

    /**
     * A refusal that names the value and the rule.
     *
     * @param message the offending value and the rule it breaks
     */
    public InvalidNameException(String message) {
        super(message);
    }
}
