/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

/**
 * What is known about a file: the value of an indexing task.
 *
 * @param path the file
 * @param lines how many line feeds it has
 * @param words how many runs of bytes it has that are not ASCII white space
 * @param bytes how long it is
 * @param sha256 the SHA-256 of its content, in hexadecimal digits
 */
public record FileIndex(String path, long lines, long words, long bytes, String sha256) {}
