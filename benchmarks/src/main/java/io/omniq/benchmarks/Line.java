/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * One result.
 *
 * @param benchmark which benchmark found it
 * @param system what was measured
 * @param store where it kept its tasks
 * @param metric what was measured of it
 * @param unit of the value
 * @param value the result; a median where there were several rounds
 * @param n what the value rests on: rounds for a rate, tasks for a latency or a cost, acknowledged tasks for a loss
 * @param durability what an acknowledged task survives
 * @param settings how the system was set up
 */
@JsonPropertyOrder({"benchmark", "system", "store", "metric", "unit", "value", "n", "durability", "settings"})
public record Line(
        String benchmark,
        String system,
        String store,
        String metric,
        String unit,
        double value,
        long n,
        String durability,
        String settings) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** {@return the result as one line of JSON} */
    public String toJson() {
        try {
            return MAPPER.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result that is no JSON: metric=" + metric, e);
        }
    }

    /**
     * Reads what {@link #toJson()} wrote.
     *
     * @param json the line
     * @return the result
     * @throws IllegalArgumentException when it is none
     */
    public static Line ofJson(String json) {
        try {
            return MAPPER.readValue(json, Line.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a line of a benchmark: line=" + json, e);
        }
    }
}
