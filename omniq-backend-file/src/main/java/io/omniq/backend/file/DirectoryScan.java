/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes in all files of a directory that are objects. */
final class DirectoryScan extends SimpleFileVisitor<Path> {
    private final Overlay overlay;
    private final Path root;
    private final Map<String, AttributesFile.Line> attributes;
    private String above = "";

    private DirectoryScan(Overlay overlay, Path root, Map<String, AttributesFile.Line> attributes) {
        this.overlay = overlay;
        this.root = root;
        this.attributes = attributes;
    }

    static void into(Overlay overlay, DirectoryLayout layout, Map<String, AttributesFile.Line> attributes)
            throws IOException {
        Files.walkFileTree(layout.root(), new DirectoryScan(overlay, layout.root(), attributes));
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes found) {
        if (directory.equals(root)) {
            return FileVisitResult.CONTINUE;
        }
        String segment = FileNames.decode(directory.getFileName().toString());
        if (segment == null) {
            return FileVisitResult.SKIP_SUBTREE;
        }
        above = above + segment + "/";
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
        if (failure != null) {
            throw failure;
        }
        above = above.substring(0, above.lastIndexOf('/', above.length() - 2) + 1);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes found) {
        String segment =
                found.isRegularFile() ? FileNames.decode(file.getFileName().toString()) : null;
        if (segment != null) {
            String key = above + segment;
            long time = StoreClock.micros(found.lastModifiedTime().toInstant());
            AttributesFile.Line line = attributes.get(key);
            byte[] mirrored = line != null && line.time == time ? line.attributes : null;
            overlay.found(Overlay.bytes(key), Overlay.Node.inFile(time, mirrored));
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }
}
