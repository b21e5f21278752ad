@NullMarked
package dev.ringfence.core.audit;

import org.jspecify.annotations.NullMarked;
