/**
 * What the readers of text formats share: text that can be turned back into the same bytes, lines with their place, and
 * Python's idea of white space. Entry type: {@link dev.ringfence.formats.text.SourceText}. Nothing here refuses or
 * throws for what the bytes say; callers bound the size before.
 */
@NullMarked
package dev.ringfence.formats.text;

import org.jspecify.annotations.NullMarked;
