@NullMarked
package dev.ringfence.core.fix;

import org.jspecify.annotations.NullMarked;
