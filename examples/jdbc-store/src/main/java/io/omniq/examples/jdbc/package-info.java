/** Example: a store of one's own, on a table of a database. */
package io.omniq.examples.jdbc;
