/** One small program per question. */
package io.omniq.examples;
