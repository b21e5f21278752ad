package dev.ringfence.controls;

import dev.ringfence.core.audit.ControlPack;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The compiled controls that come with the product. */
public final class ShippedControls {
    static final String RESOURCE = "shipped.controls";

    private ShippedControls() {}

    /**
     * Loads them.
     *
     * @throws IllegalStateException if the product was built without them
     */
    public static ControlPack load() {
        try (InputStream in = ShippedControls.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the shipped controls are missing from this build; build again");
            }
            return ControlPack.fromBytes(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
