/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.store.MemoryObjectStore;
import io.omniq.store.ObjectStore;
import java.util.List;
import java.util.function.Supplier;

/** Each broken store with tests of the contract that must notice. */
enum BrokenStore {
    BLIND_CREATE(BrokenStores.BlindCreate::new, "refusesToCreateWhatExists", "aRaceToCreateHasOneWinner"),
    LOOK_THEN_CREATE(BrokenStores.LookThenCreate::new, "aRaceToCreateHasOneWinner", "createAndDeleteMakeALock"),
    UNCHECKED_REPLACE(
            BrokenStores.UncheckedReplace::new,
            "refusesToReplaceAStaleVersion",
            "aRaceToReplaceHasOneWinner",
            "aCounterRaisedByCompareAndSetEndsExact"),
    UNCHECKED_DELETE(BrokenStores.UncheckedDelete::new, "refusesToDeleteAStaleVersion"),
    IDEMPOTENT_DELETE(BrokenStores.IdempotentDelete::new, "answersAbsentToTheDeleteOfWhatIsNotThere"),
    CHECK_THEN_WRITE(BrokenStores.CheckThenWrite::new, "aCounterRaisedByCompareAndSetEndsExact"),
    HASH_VERSIONS(
            BrokenStores.HashVersions::new,
            "replacingByTheSameBytesChangesTheVersion",
            "deletingAndCreatingAgainDoesNotReuseAVersion"),
    RESTARTING_VERSIONS(
            BrokenStores.RestartingVersions::new,
            "deletingAndCreatingAgainDoesNotReuseAVersion",
            "noVersionComesBackOverManyLives"),
    UNCOUNTED_DELETE(BrokenStores.UncountedDelete::new, "theCountChangesWithEachChangeUnderItsPrefix"),
    UTF16_ORDER(BrokenStores.OtherOrder::utf16, "ordersByUtf8AndNotByUtf16"),
    DIRECTORY_ORDER(
            BrokenStores.OtherOrder::directories,
            "ordersByWholeKeysAndNotByDirectories",
            "agreesWithASortedSetOnRandomKeysAndRequests"),
    GUESSED_MORE(BrokenStores.GuessedMore::new, "theLastPageSaysSoEvenIfItIsFull"),
    CACHED_LISTING(BrokenStores.CachedListing::new, "everyThreadListsItsOwnCreatesAndDeletes"),
    CACHE_OF_OWN_WRITES(BrokenStores.CacheOfOwnWrites::new, "aListingSeesWhatWasAcknowledgedBeforeIt"),
    TORN_READS(BrokenStores.TornReads::new, "readersNeverSeeATornBody"),
    SHARED_ARRAYS(BrokenStores.SharedArrays::new, "aReturnedBodyIsNotTheStoresOwn"),
    ABSENT_ON_FAILURE(BrokenStores.AbsentOnFailure::new, "everyCallFailsAfterClose"),
    ALL_OR_NOTHING(
            BrokenStores.AllOrNothing::new,
            "eachWriteHasItsOwnOutcomeInOrder",
            "refusesAKeyNamedTwiceAndWritesNothing",
            "refusesAnInvalidKeyAndWritesNothing"),
    MERGED_ATTRIBUTES(
            BrokenStores.MergedAttributes::new, "aReplaceReplacesAllAttributes", "aNewLifeDoesNotInheritAttributes"),
    LATE_CLOCK(BrokenStores.LateClock::new, "noWriteIsNewerThanNow"),
    FAST_CLOCK(BrokenStores.FastClock::new, "aWriteIsNotOlderThanTheTimeBeforeIt"),
    CLOSED_BY_INTERRUPT(
            BrokenStores.ClosedByInterrupt::new, "anInterruptedReadAnswersOrFails", "othersGoOnWhileOneIsInterrupted"),
    FORGOTTEN_INTERRUPT(BrokenStores.ForgottenInterrupt::new, "anInterruptedReadAnswersOrFails"),
    DENIED_WRITES(BrokenStores.DeniedWrites::new, "anInterruptedCreateSaysTheTruth"),
    REMEMBERING_HANDLE(
            () -> new BrokenStores.RememberingHandle(new MemoryObjectStore()), "oneHandleSeesWhatTheOtherWrites"),
    PRIVATE_LOCK(
            () -> new BrokenStores.PrivateLock(new MemoryObjectStore()), "aCounterRaisedThroughTwoHandlesEndsExact"),
    CASELESS_KEYS(BrokenStores.CaselessKeys::new, "oddNamesAreKept");

    private final Supplier<ObjectStore> opener;
    private final List<String> noticedBy;

    BrokenStore(Supplier<ObjectStore> opener, String... noticedBy) {
        this.opener = opener;
        this.noticedBy = List.of(noticedBy);
    }

    ObjectStore open() {
        return opener.get();
    }

    List<String> noticedBy() {
        return noticedBy;
    }
}
