/**
 * libvirt domain XML as records. Entry type: {@link dev.ringfence.formats.domain.DomainXml}; root of the tree: {@link
 * dev.ringfence.formats.domain.Domain}.
 *
 * <p>How the XML becomes fields, everywhere alike:
 *
 * <ul>
 *   <li>names are libvirt's own, in camel case ({@code error_policy} is {@code errorPolicy});
 *   <li>an attribute, and a child element that holds only text, is a field; a child with one attribute of interest is a
 *       field named after both ({@code <model type=…/>} is {@code modelType}); a child with several is a record;
 *   <li>what is absent is {@code ""}, {@code -1} or an empty list, never null; a switch is the string that was written
 *       ({@code yes}, {@code no}, {@code on}, {@code off}) or {@code ""};
 *   <li>an element that means something by being there ({@code <readonly/>}) is a boolean;
 *   <li>a number that cannot be read as one is {@code -1}, as if it were absent;
 *   <li>sizes are in bytes, whatever unit was written.
 * </ul>
 *
 * <p>Invariants: the records say what the document says. libvirt fills in its defaults when it stores or shows a
 * domain, so an absent attribute means "libvirt's default" only in a document that libvirt did not write. Secrets are
 * not kept: of a console password only its presence is recorded. Elements that this package does not know are listed by
 * name ({@code unknownElements}, {@code unknownDevices}), so that a policy can refuse what it cannot see. The input
 * document is bounded in size, depth and number of elements; document types and entities are refused. All types are
 * immutable and thread-safe.
 */
@NullMarked
package dev.ringfence.formats.domain;

import org.jspecify.annotations.NullMarked;
