/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import io.omniq.config.Layer.Value;
import io.omniq.storage.BackendAddress;
import io.omniq.storage.BackendProvider;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The three settings that name one backend, and what they come to. */
record BackendSection(Setting<String> type, Setting<String> url, Setting<Map<String, String>> options) {
    static final BackendSection COMMON =
            new BackendSection(Setting.BACKEND_TYPE, Setting.BACKEND_URL, Setting.BACKEND_OPTIONS);
    static final BackendSection TASKS =
            new BackendSection(Setting.TASKS_TYPE, Setting.TASKS_URL, Setting.TASKS_OPTIONS);
    static final BackendSection RESULTS =
            new BackendSection(Setting.RESULTS_TYPE, Setting.RESULTS_URL, Setting.RESULTS_OPTIONS);
    static final BackendSection EVENTS =
            new BackendSection(Setting.EVENTS_TYPE, Setting.EVENTS_URL, Setting.EVENTS_OPTIONS);
    static final BackendSection SCHEDULES =
            new BackendSection(Setting.SCHEDULES_TYPE, Setting.SCHEDULES_URL, Setting.SCHEDULES_OPTIONS);
    static final List<BackendSection> ALL = List.of(COMMON, TASKS, RESULTS, EVENTS, SCHEDULES);

    private static final String FILE = "file";

    /** Whether the section takes its directory from {@link Setting#BASE_DIR}. */
    boolean usesBaseDir(Map<Setting<?>, Value> values) {
        if (values.containsKey(url)) {
            return false;
        }
        Value typed = values.get(type);
        return typed == null ? this.equals(COMMON) : FILE.equalsIgnoreCase((String) typed.value());
    }

    /** What names the address: a setting and its value. */
    private record Place(Setting<String> setting, Value value) {
        String text() {
            return (String) value.value();
        }

        void report(Problems problems, String what) {
            problems.value(value.source(), setting, value.value(), what);
        }
    }

    /** The address that the settings come to, if they name one; what is wrong with it is reported. */
    Optional<BackendAddress> address(Map<Setting<?>, Value> values, Problems problems) {
        Place place = place(values);
        if (place == null) {
            Value lonely = values.get(options);
            if (lonely != null && !((Map<?, ?>) lonely.value()).isEmpty()) {
                problems.value(lonely.source(), options, lonely.value(), "needs " + url.key() + " or " + type.key());
            }
            return Optional.empty();
        }
        try {
            BackendAddress address = locate(values.get(type), place).withOptions(optionsOf(values));
            BackendProvider provider = address.provider();
            if (agrees(values.get(type), provider, problems)) {
                Value given = values.get(options);
                check(address, provider, place, given == null ? "default" : given.source(), problems);
            }
            return Optional.of(address);
        } catch (IllegalArgumentException e) {
            place.report(problems, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private @Nullable Place place(Map<Setting<?>, Value> values) {
        Value base = usesBaseDir(values) ? values.get(Setting.BASE_DIR) : null;
        Setting<String> named = base != null ? Setting.BASE_DIR : values.containsKey(url) ? url : type;
        Value value = values.get(named);
        return value == null ? null : new Place(named, value);
    }

    private BackendAddress locate(@Nullable Value type, Place place) {
        if (place.setting().equals(Setting.BASE_DIR)) {
            return BackendAddress.of(FILE, place.text());
        }
        if (place.setting().equals(this.type)) {
            return BackendAddress.of(place.text(), "");
        }
        return type == null || BackendAddress.hasScheme(place.text())
                ? BackendAddress.of(place.text())
                : BackendAddress.of((String) type.value(), place.text());
    }

    private boolean agrees(@Nullable Value given, BackendProvider provider, Problems problems) {
        if (given == null || provider.schemes().contains(((String) given.value()).toLowerCase(Locale.ROOT))) {
            return true;
        }
        problems.value(
                given.source(),
                type,
                given.value(),
                "is not the type of " + url.key() + "; leave it out, or change one");
        return false;
    }

    private void check(
            BackendAddress address, BackendProvider provider, Place place, String optionSource, Problems problems) {
        TreeSet<String> known = new TreeSet<>();
        provider.options().forEach(name -> known.add(options.key() + "." + name));
        Map<String, String> sound = new TreeMap<>(address.options());
        for (String name : address.options().keySet()) {
            String key = options.key() + "." + name;
            if (!known.contains(key)) {
                problems.unknownOption(optionSource, key, known);
                sound.remove(name);
            }
        }
        for (BackendProvider.Fault fault : provider.faults(address.url(), sound)) {
            if (fault.option().isEmpty()) {
                place.report(problems, fault.expectation());
            } else {
                String key = options.key() + "." + fault.option();
                problems.option(optionSource, key, sound.get(fault.option()), fault.expectation());
            }
        }
    }

    @SuppressWarnings("unchecked") // the type of the setting
    private Map<String, String> optionsOf(Map<Setting<?>, Value> values) {
        Value given = values.get(options);
        return given == null ? Map.of() : (Map<String, String>) given.value();
    }
}
