/** A whole job on real input: indexes the files of a directory, and goes on where an earlier run was stopped or killed. */
package io.omniq.examples.indexer;
