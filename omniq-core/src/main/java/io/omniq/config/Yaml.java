/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The one class that needs the YAML library. It makes texts, numbers, booleans, lists and maps, and no other objects. */
final class Yaml {
    private Yaml() {}

    /**
     * Reads a document.
     *
     * @throws IllegalArgumentException when it cannot be read, with the place; never with what stands there, it may be a secret
     */
    static Map<?, ?> read(String text) {
        Object document;
        try {
            document =
                    new Load(LoadSettings.builder().setSchema(new CoreSchema()).build()).loadFromString(text);
        } catch (MarkedYamlEngineException e) {
            throw new IllegalArgumentException(
                    "something is wrong at "
                            + e.getProblemMark().map(Yaml::place).orElse("an unknown place"),
                    e);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException("it uses what is not supported here, or is too large", e);
        }
        if (document == null) {
            return Map.of();
        }
        if (document instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException("it must have keys with values at its top");
    }

    private static String place(Mark mark) {
        return "line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
    }
}
