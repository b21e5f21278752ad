@NullMarked
package dev.ringfence.wire.fix;

import org.jspecify.annotations.NullMarked;
