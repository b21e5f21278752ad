@NullMarked
package dev.ringfence.core.host;

import org.jspecify.annotations.NullMarked;
