/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * The store contract against a fake-gcs-server in a container, where there is a Docker engine. Where the usual image is not there
 * and cannot be pulled, the tests are skipped; one that the environment names is meant, and then they fail.
 */
class GcsFakeContainerContractTest extends FakeServerContract {
    private static final Optional<String> NAMED_IMAGE = Optional.ofNullable(System.getenv("FAKE_GCS_IMAGE"));
    private static final String IMAGE = NAMED_IMAGE.orElse("fsouza/fake-gcs-server:" + VERSION);
    private static final int PORT = 4443;

    private static GenericContainer<?> server;

    @BeforeAll
    static void start() throws InterruptedException {
        assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "there is no Docker engine");
        assumeImage(DockerClientFactory.instance().client());
        server = new GenericContainer<>(IMAGE)
                .withCommand("-scheme", "http", "-backend", "memory", "-host", "0.0.0.0", "-port", String.valueOf(PORT))
                .withExposedPorts(PORT)
                .waitingFor(Wait.forHttp("/_internal/healthcheck"));
        server.start();
    }

    /** Asks once: left to itself, Testcontainers asks a registry that is out of reach for minutes. */
    private static void assumeImage(DockerClient docker) throws InterruptedException {
        try {
            docker.inspectImageCmd(IMAGE).exec();
        } catch (NotFoundException absent) {
            try {
                docker.pullImageCmd(IMAGE).start().awaitCompletion();
            } catch (DockerException e) {
                assumeTrue(NAMED_IMAGE.isPresent(), "the image is not there and cannot be pulled: " + e.getMessage());
                throw e;
            }
        }
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.stop();
        }
    }

    @Override
    String endpoint() {
        return "http://" + server.getHost() + ":" + server.getMappedPort(PORT);
    }
}
