@NullMarked
package dev.ringfence.cli.watch;

import org.jspecify.annotations.NullMarked;
