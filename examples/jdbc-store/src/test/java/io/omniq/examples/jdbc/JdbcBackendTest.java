/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.jdbc;

import static io.omniq.testkit.OmniQAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskHandle;
import io.omniq.storage.Backend;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** OmniQ works on a store that it has never seen. */
class JdbcBackendTest {
    /** Tasks of a user. */
    public static final class Greetings {
        @Task("greetings.greet")
        public String greet(String name) {
            return "Hello, " + name + "!";
        }
    }

    @Test
    void tasksAreEnqueuedAndRun() throws SQLException {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID());
        Greetings greetings = new Greetings();
        try (Connection keepsTheDataAlive = database.getConnection()) {
            TaskHandle<String> handle;
            try (OmniQ producer = OmniQ.builder()
                    .backend(new Backend(new JdbcObjectStore(database)))
                    .build()) {
                handle = producer.enqueue(greetings::greet, "world");
            }
            try (OmniQ worker = OmniQ.builder()
                    .backend(new Backend(new JdbcObjectStore(database)))
                    .register(greetings)
                    .build()) {
                worker.start();

                String greeting = worker.handle(handle.id(), String.class).await(Duration.ofMinutes(1));

                assertThat(greeting).isEqualTo("Hello, world!");
                assertThat(worker.handle(handle.id(), String.class)).succeeded().hasAttempts(1);
            }
            assertThat(keepsTheDataAlive.isValid(0)).isTrue();
        }
    }
}
