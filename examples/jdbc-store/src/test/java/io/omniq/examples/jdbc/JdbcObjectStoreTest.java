/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.jdbc;

import io.omniq.store.ObjectStore;
import io.omniq.testkit.ObjectStoreContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The store keeps the published contract. */
class JdbcObjectStoreTest extends ObjectStoreContract {
    private JdbcDataSource database;
    private Connection keepsTheDataAlive;

    @BeforeEach
    void openDatabase() throws SQLException {
        database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID());
        keepsTheDataAlive = database.getConnection();
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        keepsTheDataAlive.close();
    }

    @Override
    protected ObjectStore openStore() {
        return new JdbcObjectStore(database);
    }

    @Override
    protected Optional<ObjectStore> openSecond() {
        return Optional.of(new JdbcObjectStore(database));
    }
}
