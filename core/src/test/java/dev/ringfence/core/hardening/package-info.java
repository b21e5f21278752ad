@NullMarked
package dev.ringfence.core.hardening;

import org.jspecify.annotations.NullMarked;
