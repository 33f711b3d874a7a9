/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Gives an access token for a service account's key, as Google's authorization server does, and remembers what was asked for. */
final class TokenServer implements AutoCloseable {
    static final String TOKEN = "secret";

    private static final ObjectMapper JSON = new ObjectMapper();

    final List<String> scopes = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile boolean refusing;

    TokenServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/token", this::answer);
        server.start();
    }

    /** From now on no key is valid any more. */
    void refuse() {
        refusing = true;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String assertion = URLDecoder.decode(
                form.substring(form.indexOf("assertion=") + "assertion=".length()), StandardCharsets.UTF_8);
        byte[] claims = Base64.getUrlDecoder().decode(assertion.split("\\.")[1]);
        scopes.add(JSON.readTree(claims).path("scope").asText());
        byte[] body = JSON.writeValueAsBytes(
                refusing
                        ? Map.of("error", "invalid_grant", "error_description", "Invalid JWT Signature.")
                        : Map.of("access_token", TOKEN, "token_type", "Bearer", "expires_in", 3600));
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(refusing ? 400 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Writes a key file whose owner gets tokens here. */
    Path keyFile(Path directory) {
        try {
            KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
            keys.initialize(2048);
            String key = Base64.getMimeEncoder(64, new byte[] {'\n'})
                    .encodeToString(keys.generateKeyPair().getPrivate().getEncoded());
            Map<String, String> account = Map.of(
                    "type", "service_account",
                    "project_id", "p",
                    "client_id", "1",
                    "client_email", "worker@p.iam.gserviceaccount.com",
                    "private_key_id", "k",
                    "private_key", "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n",
                    "token_uri", "http://127.0.0.1:" + server.getAddress().getPort() + "/token");
            return Files.write(directory.resolve("key.json"), JSON.writeValueAsBytes(account));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has RSA", e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
