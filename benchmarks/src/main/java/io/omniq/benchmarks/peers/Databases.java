/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.peers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.omniq.benchmarks.peers.PeerSystem.Sharing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/** The embedded databases of the peers, each with the settings of its durability, behind a pool of connections. */
enum Databases {
    H2_MEMORY("h2-memory", "H2 2.5, in memory", Durability.MEMORY, "pool 16"),
    H2_DEFAULT("h2", "H2 2.5, defaults", Durability.LATE, "WRITE_DELAY=500 (default), pool 16"),
    H2_AT_ONCE("h2-at-once", "H2 2.5, WRITE_DELAY=0", Durability.KILL, "WRITE_DELAY=0, pool 16"),
    SQLITE_NORMAL("sqlite", "SQLite 3.54 WAL, NORMAL", Durability.KILL, "WAL, synchronous=NORMAL, pool 4"),
    SQLITE_FULL("sqlite-full", "SQLite 3.54 WAL, FULL", Durability.POWER, "WAL, synchronous=FULL, pool 4");

    private static final int CONNECTIONS = 16;
    /** One writes at a time, so more only wait in the database; one alone would lock JobRunr out, which nests two. */
    private static final int SQLITE_CONNECTIONS = 4;

    private static final int PATIENCE = 30_000;

    final String id;
    final String title;
    final Durability durability;
    /** For people. */
    final String settings;

    Databases(String id, String title, Durability durability, String settings) {
        this.id = id;
        this.title = title;
        this.durability = durability;
        this.settings = settings;
    }

    boolean isSqlite() {
        return this == SQLITE_NORMAL || this == SQLITE_FULL;
    }

    /** Opens it, or makes it. */
    HikariDataSource open(Path directory, Sharing sharing, boolean autoCommit) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url(directory, sharing));
        config.setMaximumPoolSize(isSqlite() ? SQLITE_CONNECTIONS : CONNECTIONS);
        config.setAutoCommit(autoCommit);
        config.setConnectionTimeout(PATIENCE);
        if (isSqlite()) {
            config.addDataSourceProperty("journal_mode", "WAL");
            config.addDataSourceProperty("synchronous", this == SQLITE_FULL ? "FULL" : "NORMAL");
            config.addDataSourceProperty("busy_timeout", PATIENCE);
            // Who reads before it writes in a transaction needs the lock at its begin; without auto-commit the driver
            // cannot.
            config.addDataSourceProperty("transaction_mode", autoCommit ? "IMMEDIATE" : "DEFERRED");
        }
        return new HikariDataSource(config);
    }

    private String url(Path directory, Sharing sharing) {
        String file = directory.resolve("db").toAbsolutePath().toString();
        String shared = sharing == Sharing.SHARED ? ";AUTO_SERVER=TRUE" : "";
        return switch (this) {
            case H2_MEMORY -> "jdbc:h2:mem:" + UUID.randomUUID(); // gone with the pool's last connection
            case H2_DEFAULT -> "jdbc:h2:file:" + file + shared;
            case H2_AT_ONCE -> "jdbc:h2:file:" + file + ";WRITE_DELAY=0" + shared;
            case SQLITE_NORMAL, SQLITE_FULL -> "jdbc:sqlite:" + file;
        };
    }

    /** Makes tables, unless one of them is there. */
    static void make(DataSource source, String table, List<String> statements) {
        try (Connection connection = source.getConnection();
                ResultSet tables = connection.getMetaData().getTables(null, null, "%", new String[] {"TABLE"})) {
            while (tables.next()) {
                if (tables.getString("TABLE_NAME").equalsIgnoreCase(table)) {
                    return;
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("tables cannot be listed", e);
        }
        run(source, statements);
    }

    static void run(DataSource source, List<String> statements) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("a statement failed", e);
        }
    }

    /** The values of a query's first column. */
    static Set<String> column(DataSource source, String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            Set<String> values = new HashSet<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException("a query failed: sql=" + sql, e);
        }
    }

    static boolean isEmpty(DataSource source, String table) {
        return column(source, "SELECT COUNT(*) FROM " + table).contains("0");
    }

    /** The statements of a script that a peer ships. */
    static List<String> script(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("a script is not where it was: name=" + name);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^\\s*--.*$", "");
            return Arrays.stream(text.split(";"))
                    .map(String::strip)
                    .filter(sql -> !sql.isEmpty() && !sql.equalsIgnoreCase("COMMIT"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("not read: name=" + name, e);
        }
    }
}
