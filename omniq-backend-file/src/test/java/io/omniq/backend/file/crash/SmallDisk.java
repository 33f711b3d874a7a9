/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** A file system in memory that is nearly filled by ballast. */
final class SmallDisk implements AutoCloseable {
    private static final int BLOCK = 256 * 1024;
    private static final int PAGE = 4096;
    /** Room for the store's own files and the first tasks. */
    private static final int FREE_BLOCKS = 2;

    private final Path mount;
    private final int blocks;
    private final Deque<Path> ballast = new ArrayDeque<>();
    private int pieces;

    private SmallDisk(Path mount, int blocks) {
        this.mount = mount;
        this.blocks = blocks;
    }

    /** A disk with enough ballast to make room about once in two seconds, or nothing where disks cannot be mounted. */
    static Optional<SmallDisk> mount(Path at, Duration length) throws IOException, InterruptedException {
        SmallDisk disk = new SmallDisk(at, FREE_BLOCKS + 4 + (int) length.toSeconds() / 2);
        if (!run("mount", "-t", "tmpfs", "-o", disk.size(1), "tmpfs", at.toString())) {
            return Optional.empty();
        }
        Files.createDirectory(at.resolve("ballast"));
        for (int i = 0; i < disk.blocks - FREE_BLOCKS; i++) {
            disk.add(BLOCK);
        }
        return Optional.of(disk);
    }

    /** Adds ballast until nothing more fits. */
    void fill() {
        for (int bytes = BLOCK; bytes >= PAGE; ) {
            try {
                add(bytes);
            } catch (IOException e) {
                bytes /= 2; // too large for what is left
            }
        }
    }

    private void add(int bytes) throws IOException {
        Path piece = mount.resolve("ballast").resolve(Integer.toString(pieces++));
        try {
            Files.write(piece, new byte[bytes]);
            ballast.add(piece);
        } catch (IOException e) {
            Files.deleteIfExists(piece);
            throw e;
        }
    }

    private String size(int times) {
        return "size=" + (long) times * blocks * BLOCK;
    }

    /** Removes some ballast, while there is any. */
    void makeRoom() throws IOException {
        long removed = 0;
        while (removed < BLOCK && !ballast.isEmpty()) {
            Path piece = ballast.remove();
            removed += Files.size(piece);
            Files.delete(piece);
        }
    }

    /** Makes it so large that it will not be full again. */
    void grow() throws IOException, InterruptedException {
        // Named in full, as it must be in a namespace of a user's own.
        if (!run("mount", "-t", "tmpfs", "-o", "remount," + size(10), "tmpfs", mount.toString())) {
            throw new IOException("the disk cannot be made larger: mount=" + mount);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (!run("umount", mount.toString())) {
                throw new IOException("the disk cannot be unmounted: mount=" + mount);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: mount=" + mount, e);
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no such command
        }
    }
}
