@NullMarked
package dev.ringfence.core.watch;

import org.jspecify.annotations.NullMarked;
