@NullMarked
package dev.ringfence.formats.image;

import org.jspecify.annotations.NullMarked;
