/** What an application uses: the facade, the {@code @Task} annotation, options, handles, context and exceptions. */
@NullMarked
package io.omniq;

import org.jspecify.annotations.NullMarked;
