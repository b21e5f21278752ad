package dev.ringfence.formats.tar;

import java.io.IOException;
import java.io.InputStream;

/**
 * Takes the members of an archive one after the other.
 *
 * @param <X> what the visitor throws when it does not want the rest
 */
@FunctionalInterface
public interface TarVisitor<X extends Exception> {
    /**
     * Takes one member.
     *
     * @param content its bytes, valid until this method returns; what is not read is skipped. It throws an {@link
     *     IOException} when the archive ends inside it, which the visitor lets through
     */
    void entry(TarEntry entry, InputStream content) throws IOException, X;
}
