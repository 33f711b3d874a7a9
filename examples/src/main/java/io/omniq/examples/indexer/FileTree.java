/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The regular files below a directory, in a fixed order. Links are not followed.
 *
 * @param files the files
 * @param unreadable directories and files that could not be looked at
 */
record FileTree(List<FoundFile> files, List<Path> unreadable) {
    private static final Set<String> SKIPPED = Set.of(".git", "target", "omniq-data");

    /**
     * Looks at a directory.
     *
     * @param root the directory
     * @param data a directory to leave out
     */
    static FileTree scan(Path root, Path data) throws IOException {
        FileTree found = new FileTree(new ArrayList<>(), new ArrayList<>());
        Path realData = Files.isDirectory(data) ? data.toRealPath() : data.toAbsolutePath();
        Files.walkFileTree(root.toRealPath(), found.new Visitor(root.toRealPath(), realData));
        found.files.sort(Comparator.comparing(FoundFile::uri));
        return found;
    }

    private final class Visitor extends SimpleFileVisitor<Path> {
        private final Path root;
        private final Path data;

        Visitor(Path root, Path data) {
            this.root = root;
            this.data = data;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            boolean skipped = !directory.equals(root)
                    && (SKIPPED.contains(directory.getFileName().toString()) || directory.equals(data));
            return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
                files.add(new FoundFile(file.toUri(), attributes.size(), attributes.lastModifiedTime()));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            unreadable.add(file);
            return FileVisitResult.CONTINUE;
        }
    }
}
