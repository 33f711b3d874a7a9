/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class IndexFilesTest {
    @TempDir
    private Path temp;

    private Tree tree;
    private Indexing indexing;

    @BeforeEach
    void makeTree() throws IOException {
        tree = new Tree(Files.createDirectory(temp.toRealPath().resolve("tree")));
        indexing = new Indexing(tree.root(), temp.resolve("data"));
    }

    @Test
    void countsLinesWordsBytesAndHashesOfEveryFile() throws Exception {
        List<Path> files = List.of(
                tree.write("a.txt", "one two\nthree\n"),
                tree.write("deep/er/b.java", "class B {}\r\n\tint x;"),
                tree.write("empty", ""),
                tree.write("spaces and ümlaut.md", " \n\u000B\f grün \n"),
                tree.write("long.TXT", "word ".repeat(50_000)));
        List<FileIndex> expected = new ArrayList<>();
        for (Path file : files) {
            expected.add(Tree.expected(file));
        }

        Indexing.Run run = indexing.run();

        assertThat(run.status()).isZero();
        run.requireCounts(5, 5, 0);
        assertThat(run.json().get("seconds").isNumber()).isTrue();
        assertThat(indexing.values()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void addsUpByExtension() throws IOException {
        tree.write("a.txt", "one two\n");
        tree.write("b.TXT", "three\n");
        tree.write("c.md", "x");
        tree.write(".hidden", "y");

        assertThat(indexing.run().out())
                .map(line -> line.replaceAll(" +", " "))
                .contains("txt 2 2 3 14", "md 1 0 1 1", "(none) 1 0 1 1", "(all) 4 2 5 16");
    }

    @Test
    void leavesOutBuildOutputVersionControlAndItsOwnData() throws IOException {
        tree.write("a.txt", "a");
        tree.write("target/b.txt", "b");
        tree.write("sub/.git/c.txt", "c");
        tree.write("omniq-data/d.txt", "d");
        Files.createSymbolicLink(tree.root().resolve("link.txt"), tree.root().resolve("a.txt"));
        Indexing inside = new Indexing(tree.root(), tree.root().resolve("own"));

        inside.run().requireCounts(1, 1, 0);
        inside.run().requireCounts(1, 1, 0);
    }

    @Test
    void indexesNothingInAnEmptyDirectory() throws IOException {
        Indexing.Run run = indexing.run();

        assertThat(run.status()).isZero();
        run.requireCounts(0, 0, 0);
    }

    @Test
    void aSecondRunDoesNothingTwice() throws IOException {
        tree.writeMany(40);
        indexing.run().requireCounts(40, 40, 0);
        assertThat(Set.copyOf(indexing.opened)).hasSize(40);
        indexing.opened.clear();

        Indexing.Run second = indexing.run();

        second.requireCounts(40, 40, 0);
        assertThat(indexing.opened).isEmpty();
        assertThat(second.out()).anyMatch(line -> line.startsWith("40 files: 40 done earlier, 0 done in this run, "));
    }

    @Test
    void indexesAChangedFileAgain() throws Exception {
        tree.writeMany(5);
        Path changed = tree.write("changed.txt", "before");
        indexing.run();
        Files.writeString(changed, "afterw");
        Files.setLastModifiedTime(changed, FileTime.fromMillis(1_700_000_000_000L));
        indexing.opened.clear();

        indexing.run().requireCounts(6, 6, 0);

        assertThat(indexing.opened).containsOnly(changed);
        assertThat(indexing.values()).contains(Tree.expected(changed));
    }

    @Test
    void namesOfItsJsonFilesExist() throws IOException {
        tree.write("a.txt", "a");

        List<String> paths = indexing.run().out().stream()
                .filter(line -> line.endsWith(".json"))
                .map(line -> line.strip().replaceFirst("^\\w+ +", ""))
                .toList();

        assertThat(paths)
                .hasSize(3)
                .allSatisfy(path -> assertThat(Path.of(path)).isRegularFile());
    }

    @Test
    void aFileThatVanishedIsAFailureAndGetsANewChanceInTheNextRun() throws IOException {
        tree.writeMany(3);
        Path victim = tree.write("victim.txt", "v");
        FileOpener vanishing = file -> {
            if (file.equals(victim)) {
                throw new NoSuchFileException(file.toString());
            }
            return Files.newInputStream(file);
        };

        Indexing.Run run = indexing.runWith(vanishing);

        assertThat(run.status()).isEqualTo(1);
        run.requireCounts(4, 3, 1);
        assertThat(run.out()).anyMatch(line -> line.startsWith("failed: ") && line.contains("victim.txt"));
        indexing.run().requireCounts(4, 4, 0);
        assertThat(indexing.opened).containsOnly(victim);
    }

    @Test
    void showsProgressAsLinesOrAsABar() throws IOException {
        tree.writeMany(40);

        assertThat(indexing.run().err()).hasSize(20).startsWith("2 of 40 files").endsWith("40 of 40 files");
        List<String> bar = indexing.run("--progress", "bar").err();
        assertThat(bar.get(bar.size() - 1)).contains("100 %  40 of 40 files");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--workers 0",
                "--workers many",
                "--workers",
                "--data",
                "--progress loudly",
                "--unknown",
                "another",
            })
    void refusesArgumentsThatMakeNoSense(String arguments) {
        Indexing.Run run = indexing.run(arguments.split(" "));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().get(0)).startsWith("error: ");
        assertThat(run.err()).anyMatch(line -> line.startsWith("usage: "));
    }

    @Test
    void refusesADirectoryThatIsNone() {
        Indexing.Run run = new Indexing(temp.resolve("nowhere"), temp.resolve("data")).run();

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err().get(0)).contains("no such directory", "nowhere");
        assertThat(temp.resolve("data")).doesNotExist();
    }

    @Test
    void saysWhyTheDataDirectoryCannotBeUsed() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "");
        Indexing.Run run = new Indexing(tree.root(), file).run();

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err().get(0)).startsWith("error: ").contains(file.toString());
    }
}
