@NullMarked
package dev.ringfence.cli;

import org.jspecify.annotations.NullMarked;
