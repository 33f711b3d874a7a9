/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskHandle;
import io.omniq.config.OmniQConfig;
import io.omniq.config.Setting;
import java.nio.file.Path;
import java.time.Duration;

/** How do I keep the settings in a file? Run with the path of {@code omniq.yaml}, which lies beside this module's pom. */
public class ConfiguredFromFile {
    @Task(value = "reports.render", queue = "reports")
    public String render(String customer) {
        return "report of " + customer;
    }

    public static void main(String[] args) {
        ConfiguredFromFile tasks = new ConfiguredFromFile();
        OmniQConfig config = OmniQConfig.builder()
                .file(Path.of(args[0]))
                .environment() // OMNIQ_MAX_WORKERS=20 would win over the file
                .build();
        System.out.println("workers: " + config.get(Setting.MAX_WORKERS).orElseThrow());
        try (OmniQ omniq = OmniQ.builder().config(config).register(tasks).build()) {
            omniq.start();
            TaskHandle<String> handle = omniq.enqueue(tasks::render, "c-42");
            System.out.println(handle.await(Duration.ofSeconds(30)));
        }
    }
}
