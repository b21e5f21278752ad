package dev.ringfence.formats.domain;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The documents beside these tests, and small ones in place. */
final class Samples {
    private Samples() {}

    static byte[] bytes(String name) {
        try (InputStream in = Samples.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new AssertionError("no sample " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A domain named d with this inside. */
    static byte[] domain(String inside) {
        return utf8("<domain type='kvm'><name>d</name>" + inside + "</domain>");
    }

    static byte[] devices(String inside) {
        return domain("<devices>" + inside + "</devices>");
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
