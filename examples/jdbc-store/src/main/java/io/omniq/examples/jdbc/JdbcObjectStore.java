/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectKeys;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.StorageException.Retry;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/**
 * A store on one table of a database: each object is a row, and each conditional write one statement. Written for H2; another
 * database has other words for the types, the sequence and the greatest of two times. Safe for use by many threads, with a
 * connection of the data source for each call.
 *
 * <pre>
 *   name        the key in UTF-8, so that the order of bytes is the order of keys
 *   version     from a sequence, so that none ever comes back
 *   updated     by the database's clock, the only one that all processes share
 *   body, attributes
 * </pre>
 */
public final class JdbcObjectStore implements ObjectStore {
    private static final StoreCapabilities CAPABILITIES = new StoreCapabilities(true, Duration.ZERO);
    private static final String DUPLICATE_KEY = "23505";
    /** Lock timeout, deadlock, serialization failure: the statement was rolled back. */
    private static final Set<String> ROLLED_BACK = Set.of("HYT00", "40001", "90131");

    private static final String COLUMNS = "name, version, updated, attributes";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final DataSource source;
    private volatile boolean closed;

    /** What a statement does on a connection. */
    private interface Call<T> {
        T on(Connection connection) throws SQLException;
    }

    /** A store in a database, whose table is made if it is not there. The data source stays the caller's. */
    public JdbcObjectStore(DataSource source) {
        this.source = Objects.requireNonNull(source, "source");
        calling("open", "", connection -> {
            update(connection, "CREATE SEQUENCE IF NOT EXISTS omniq_versions");
            return update(
                    connection,
                    "CREATE TABLE IF NOT EXISTS omniq_objects (name VARBINARY(1024) PRIMARY KEY, version BIGINT NOT NULL,"
                            + " updated TIMESTAMP(6) WITH TIME ZONE NOT NULL, body BLOB NOT NULL,"
                            + " attributes VARCHAR NOT NULL)");
        });
    }

    @Override
    public Optional<StoredObject> get(String key) {
        ObjectKeys.requireValid(key);
        return calling("get", key, connection -> {
            try (PreparedStatement select =
                    prepared(connection, "SELECT " + COLUMNS + ", body FROM omniq_objects WHERE name = ?", utf8(key))) {
                ResultSet row = select.executeQuery();
                return row.next() ? Optional.of(new StoredObject(listed(row), row.getBytes("body"))) : Optional.empty();
            }
        });
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        ObjectKeys.requireDistinct(writes);
        requireOpen("write", "");
        return writes.stream().map(this::write).toList();
    }

    private WriteOutcome write(Write write) {
        String operation = write.kind().name().toLowerCase(Locale.ROOT);
        Connection connection;
        try {
            requireOpen(operation, write.key());
            connection = source.getConnection();
        } catch (StorageException e) {
            return WriteOutcome.failed(e);
        } catch (SQLException e) { // nothing was sent
            return WriteOutcome.failed(failure(operation, write.key(), e));
        }
        try (connection) {
            return switch (write.kind()) {
                case CREATE -> create(connection, write);
                case REPLACE -> replace(connection, write);
                case DELETE -> delete(connection, write);
            };
        } catch (SQLException e) {
            StorageException failure = failure(operation, write.key(), e);
            // The connection may have broken after the statement took effect.
            return ROLLED_BACK.contains(e.getSQLState()) ? WriteOutcome.failed(failure) : WriteOutcome.unknown(failure);
        }
    }

    private static WriteOutcome create(Connection connection, Write write) throws SQLException {
        long version = nextVersion(connection);
        try {
            update(
                    connection,
                    "INSERT INTO omniq_objects (name, version, updated, body, attributes)"
                            + " VALUES (?, ?, CURRENT_TIMESTAMP(6), ?, ?)",
                    utf8(write.key()),
                    version,
                    write.body(),
                    json(write.attributes()));
            return applied(version);
        } catch (SQLException e) {
            if (DUPLICATE_KEY.equals(e.getSQLState())) {
                return WriteOutcome.refused(Status.EXISTS);
            }
            throw e;
        }
    }

    private static WriteOutcome replace(Connection connection, Write write) throws SQLException {
        long version = nextVersion(connection);
        // A statement that waited for another has an older time than that one; a later write must not be older.
        int changed = update(
                connection,
                "UPDATE omniq_objects SET version = ?, updated = GREATEST(updated, CURRENT_TIMESTAMP(6)), body = ?,"
                        + " attributes = ? WHERE name = ? AND version = ?",
                version,
                write.body(),
                json(write.attributes()),
                utf8(write.key()),
                number(write.expected()));
        return changed == 1 ? applied(version) : refused(connection, write);
    }

    private static WriteOutcome delete(Connection connection, Write write) throws SQLException {
        int deleted = update(
                connection,
                "DELETE FROM omniq_objects WHERE name = ? AND version = ?",
                utf8(write.key()),
                number(write.expected()));
        return deleted == 1 ? WriteOutcome.applied(null) : refused(connection, write);
    }

    /** A version never comes back, so a second look cannot mistake a row that was changed for one that was not. */
    private static WriteOutcome refused(Connection connection, Write write) throws SQLException {
        try (PreparedStatement select =
                prepared(connection, "SELECT 1 FROM omniq_objects WHERE name = ?", utf8(write.key()))) {
            return WriteOutcome.refused(select.executeQuery().next() ? Status.CONFLICT : Status.ABSENT);
        }
    }

    @Override
    public ObjectPage list(ListRequest request) {
        List<Object> values = new ArrayList<>();
        StringBuilder where = new StringBuilder("TRUE");
        bound(where, values, "name >= ?", request.prefix());
        if (!request.prefix().isEmpty()) {
            byte[] end = utf8(request.prefix());
            end[end.length - 1]++; // no byte of UTF-8 is the greatest one
            where.append(" AND name < ?");
            values.add(end);
        }
        bound(where, values, "name > ?", request.startAfter());
        bound(where, values, "name < ?", request.endBefore());
        values.add(request.limit() + 1);
        String sql = "SELECT " + COLUMNS + " FROM omniq_objects WHERE " + where + " ORDER BY name LIMIT ?";
        return calling("list", request.prefix(), connection -> {
            try (PreparedStatement select = prepared(connection, sql, values.toArray())) {
                List<ListedObject> found = new ArrayList<>();
                ResultSet rows = select.executeQuery();
                while (rows.next()) {
                    found.add(listed(rows));
                }
                boolean more = found.size() > request.limit();
                return new ObjectPage(more ? found.subList(0, request.limit()) : found, more);
            }
        });
    }

    private static void bound(StringBuilder where, List<Object> values, String condition, String key) {
        if (key != null) {
            where.append(" AND ").append(condition);
            values.add(utf8(key));
        }
    }

    @Override
    public Instant now() {
        return calling("now", "", connection -> {
            try (PreparedStatement select = prepared(connection, "SELECT CURRENT_TIMESTAMP(6)")) {
                ResultSet row = select.executeQuery();
                row.next();
                return row.getObject(1, OffsetDateTime.class).toInstant();
            }
        });
    }

    @Override
    public StoreCapabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public void close() {
        closed = true;
    }

    private <T> T calling(String operation, String key, Call<T> call) {
        requireOpen(operation, key);
        try (Connection connection = source.getConnection()) {
            return call.on(connection);
        } catch (SQLException e) {
            throw failure(operation, key, e);
        }
    }

    private void requireOpen(String operation, String key) {
        if (closed) {
            throw new StorageException(operation, key, Retry.NO, "the store is closed", null);
        }
    }

    private static StorageException failure(String operation, String key, SQLException cause) {
        return new StorageException(operation, key, Retry.YES, "the database failed", cause);
    }

    private static long nextVersion(Connection connection) throws SQLException {
        try (PreparedStatement next = prepared(connection, "SELECT NEXT VALUE FOR omniq_versions")) {
            ResultSet row = next.executeQuery();
            row.next();
            return row.getLong(1);
        }
    }

    private static WriteOutcome applied(long version) {
        return WriteOutcome.applied(new Version(Long.toString(version)));
    }

    /** A version that is none of ours is nobody's. */
    private static long number(Version version) {
        return version.token().matches("[0-9]{1,18}") ? Long.parseLong(version.token()) : -1;
    }

    private static ListedObject listed(ResultSet row) throws SQLException {
        return new ListedObject(
                new String(row.getBytes("name"), StandardCharsets.UTF_8),
                new Version(Long.toString(row.getLong("version"))),
                row.getObject("updated", OffsetDateTime.class).toInstant(),
                attributes(row.getString("attributes")));
    }

    private static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(connection, sql, values)) {
            return statement.executeUpdate();
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String json(Map<String, String> attributes) throws SQLException {
        try {
            return MAPPER.writeValueAsString(attributes);
        } catch (JsonProcessingException e) {
            throw new SQLException("attributes cannot be written as JSON", e);
        }
    }

    private static Map<String, String> attributes(String json) throws SQLException {
        try {
            return MAPPER.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new SQLException("attributes cannot be read as JSON", e);
        }
    }
}
