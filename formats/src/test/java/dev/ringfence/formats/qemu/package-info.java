@NullMarked
package dev.ringfence.formats.qemu;

import org.jspecify.annotations.NullMarked;
