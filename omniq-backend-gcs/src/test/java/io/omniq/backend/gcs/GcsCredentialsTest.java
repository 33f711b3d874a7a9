/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.gcs.emulator.GcsEmulator;
import io.omniq.store.StorageException;
import io.omniq.store.Write;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who the backend says it is, and what it asks to be allowed. */
class GcsCredentialsTest {
    private final GcsEmulator emulator =
            GcsEmulator.builder().bucket("b").bearerToken(TokenServer.TOKEN).start();

    @TempDir
    Path directory;

    private TokenServer tokens;
    private Path key;

    /** What a process does that is given nothing but its environment. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            GcsBackendBuilder builder = GcsBackend.builder("b").prefix("");
            if (args.length > 0) {
                builder.storageOptions(options -> options.setHost(args[0]));
            }
            try (GcsBackend backend = builder.build()) {
                System.out.println(backend.store()
                        .write(List.of(Write.create("from-a-child", new byte[1])))
                        .get(0)
                        .status());
            }
        }
    }

    @BeforeEach
    void begin() throws IOException {
        tokens = new TokenServer();
        key = tokens.keyFile(directory);
    }

    @AfterEach
    void close() {
        tokens.close();
        emulator.close();
    }

    @ParameterizedTest
    @EnumSource(GcsAccess.class)
    void aKeyFileGetsATokenForTheScopeOfTheAccess(GcsAccess access) {
        try (GcsBackend backend = GcsBackend.builder("b")
                .endpoint(emulator.endpoint())
                .credentials(key)
                .access(access)
                .build()) {
            assertThat(backend.store().get("k")).isEmpty();
            backend.store().get("k");
        }

        assertThat(tokens.scopes)
                .containsExactly("https://www.googleapis.com/auth/devstorage."
                        + access.name().toLowerCase(Locale.ROOT));
    }

    @Test
    void aTokenInAMapIsTheSameKeyFile() {
        try (GcsBackend backend = GcsBackend.fromConfig(Map.of(
                "bucket_name",
                "b",
                "endpoint_url",
                emulator.endpoint(),
                "token",
                key.toString(),
                "access",
                "read_only"))) {
            assertThat(backend.store().get("k")).isEmpty();
        }

        assertThat(tokens.scopes).containsExactly(GcsAccess.READ_ONLY.scope());
    }

    @Test
    void aKeyThatIsRevokedIsCalledSo() {
        tokens.refuse();
        try (GcsBackend backend = GcsBackend.builder("b")
                .endpoint(emulator.endpoint())
                .credentials(key)
                .build()) {
            assertThatThrownBy(() -> backend.store().get("k"))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.retryable()).isFalse())
                    .hasMessageContaining("is the account's key still valid");
        }
    }

    private static String child(Map<String, String> environment, String... args) throws Exception {
        Path errors = Files.createTempFile("omniq-child", ".err");
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        return printed.strip();
    }

    @Test
    void theEnvironmentNamesAKeyFile() throws Exception {
        assertThat(child(Map.of("GOOGLE_APPLICATION_CREDENTIALS", key.toString()), emulator.endpoint()))
                .isEqualTo("APPLIED");
        assertThat(tokens.scopes).containsExactly(GcsAccess.READ_WRITE.scope());
    }

    @Test
    void theEnvironmentNamesAnEmulatorWhichNeedsNoCredentials() throws Exception {
        try (GcsEmulator open = GcsEmulator.builder().bucket("b").start()) {
            String host = open.endpoint().substring("http://".length());

            assertThat(child(Map.of("STORAGE_EMULATOR_HOST", host))).isEqualTo("APPLIED");
            assertThat(child(Map.of("STORAGE_EMULATOR_HOST", open.endpoint()))).isEqualTo("EXISTS");
        }
        assertThat(tokens.scopes).isEmpty();
    }
}
