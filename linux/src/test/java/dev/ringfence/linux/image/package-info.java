@NullMarked
package dev.ringfence.linux.image;

import org.jspecify.annotations.NullMarked;
