/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.store.ObjectStore;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

/**
 * What every {@link ObjectStore} must do, as tests. The author of a store extends this class in a test of their own and
 * says how to open a store; JUnit runs all topics against it:
 *
 * <pre>{@code
 * class RedisObjectStoreTest extends ObjectStoreContract {
 *     @Override
 *     protected ObjectStore openStore() {
 *         return new RedisObjectStore(server.freshDatabase());
 *     }
 * }
 * }</pre>
 *
 * <p>The contract writes keys of at most {@link io.omniq.store.ObjectKeys#MAX_BYTES} bytes whose segments have at most
 * 200, and never a key that is a directory of another key ({@code a} beside {@code a/b}), which a store of plain files
 * cannot hold. Waiting is bounded, nothing sleeps and no assertion depends on how fast the store is.
 */
public abstract class ObjectStoreContract {
    /** For subclasses. */
    protected ObjectStoreContract() {}

    /**
     * Opens a fresh, empty store. Called once for each test, after the {@code @BeforeEach} methods of the subclass; the
     * contract closes the store before the {@code @AfterEach} methods of the subclass.
     *
     * @return a store without any object
     * @throws Exception when the store cannot be opened; the test fails then
     */
    protected abstract ObjectStore openStore() throws Exception;

    /**
     * Opens another handle on the data of the store this test has opened, as another process would. The first handle may
     * still be open, or closed already. The contract closes what it gets.
     *
     * @return another store over the same data; by default empty, for stores whose data ends with them: the tests of
     *     shared and lasting data are then reported as skipped
     * @throws Exception when the store cannot be opened; the test fails then
     */
    protected Optional<ObjectStore> openSecond() throws Exception {
        return Optional.empty();
    }

    @Nested
    @DisplayName("single writes")
    class SingleWrites extends SingleWriteTopic {
        SingleWrites() {
            super(ObjectStoreContract.this);
        }
    }

    @Nested
    @DisplayName("groups of writes")
    class Groups extends GroupTopic {
        Groups() {
            super(ObjectStoreContract.this);
        }
    }

    @Nested
    @DisplayName("versions")
    class Versions extends VersionTopic {
        Versions() {
            super(ObjectStoreContract.this);
        }
    }

    @Nested
    @DisplayName("reading")
    class Reading extends ReadingTopic {
        Reading() {
            super(ObjectStoreContract.this);
        }
    }

    @Nested
    @DisplayName("listing")
    class Listing extends ListingTopic {
        Listing() {
            super(ObjectStoreContract.this);
        }
    }

    @Nested
    @DisplayName("paging")
    class Paging extends PagingTopic {
        Paging() {
            super(ObjectStoreContract.this);
        }
    }

    @Nested
    @DisplayName("attributes")
    class Attributes extends AttributesTopic {
        Attributes() {
            super(ObjectStoreContract.this);
        }
    }

    @Nested
    @DisplayName("time")
    class Time extends TimeTopic {
        Time() {
            super(ObjectStoreContract.this);
        }
    }

    @Nested
    @DisplayName("names")
    class Names extends NamesTopic {
        Names() {
            super(ObjectStoreContract.this);
        }
    }

    @Nested
    @DisplayName("racing writers")
    class Races extends RaceTopic {
        Races() {
            super(ObjectStoreContract.this);
        }
    }

    @Nested
    @DisplayName("readers beside writers")
    class ReadersBesideWriters extends ReaderTopic {
        ReadersBesideWriters() {
            super(ObjectStoreContract.this);
        }
    }

    @Nested
    @DisplayName("interrupted threads")
    class Interrupts extends InterruptTopic {
        Interrupts() {
            super(ObjectStoreContract.this);
        }
    }

    @Nested
    @DisplayName("a closed store")
    class ClosedStore extends ClosedStoreTopic {
        ClosedStore() {
            super(ObjectStoreContract.this);
        }
    }

    @Nested
    @DisplayName("a count of changes")
    class Changes extends ChangesTopic {
        Changes() {
            super(ObjectStoreContract.this);
        }
    }

    @Nested
    @DisplayName("two handles on the same data")
    class SecondHandle extends SecondHandleTopic {
        SecondHandle() {
            super(ObjectStoreContract.this);
        }
    }
}
