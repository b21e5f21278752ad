package dev.ringfence.formats.domain;

import java.util.List;

/**
 * {@code <graphics>}: a console that somebody can connect to.
 *
 * @param type {@code vnc}, {@code spice}, {@code rdp}, {@code sdl}, {@code egl-headless}, {@code dbus}, {@code desktop}
 * @param port -1 when chosen at start or absent
 * @param listen the address in the old attribute form; a live document repeats the first listen address here
 * @param listens where it listens
 * @param socket path, in the old attribute form
 * @param passwdSet the document holds a password; the password itself is not kept
 * @param connected {@code disconnect}, {@code keep}, {@code fail}: what a password change does to viewers
 * @param defaultMode {@code secure}, {@code insecure}, {@code any}, of SPICE channels
 * @param gl {@code yes} or {@code no}: {@code <gl enable=…>}
 * @param p2p {@code yes} or {@code no}, of D-Bus
 * @param address of the D-Bus bus
 */
public record Graphics(
        String type,
        long port,
        long tlsPort,
        String autoport,
        long websocket,
        String listen,
        List<GraphicsListen> listens,
        String socket,
        boolean passwdSet,
        String passwdValidTo,
        String connected,
        String username,
        String keymap,
        String sharePolicy,
        String powerControl,
        String defaultMode,
        List<GraphicsChannel> channels,
        String imageCompression,
        String streamingMode,
        String clipboardCopypaste,
        String filetransferEnable,
        String mouseMode,
        String gl,
        String rendernode,
        String multiUser,
        String replaceUser,
        String display,
        String p2p,
        String address,
        long audioId) {
    public Graphics {
        listens = List.copyOf(listens);
        channels = List.copyOf(channels);
    }

    /**
     * {@code <listen>}.
     *
     * @param type {@code address}, {@code network}, {@code socket}, {@code none}
     * @param address an address or {@code ""}, which means libvirt's configured one
     */
    public record GraphicsListen(String type, String address, String network, String socket) {}

    /**
     * A SPICE channel.
     *
     * @param mode {@code secure}, {@code insecure}, {@code any}
     */
    public record GraphicsChannel(String name, String mode) {}
}
