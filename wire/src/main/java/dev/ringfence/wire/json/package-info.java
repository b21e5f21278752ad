/**
 * How documents become bytes and back: one way to write, one bounded and strict way to read. Entry type: {@link
 * dev.ringfence.wire.json.JsonDocument}. What is written is well-formed whatever the texts hold; what is read is a plain
 * tree or a {@link dev.ringfence.wire.json.MalformedDocumentException}, within fixed limits of size and depth.
 */
@NullMarked
package dev.ringfence.wire.json;

import org.jspecify.annotations.NullMarked;
