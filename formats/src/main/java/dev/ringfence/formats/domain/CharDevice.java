package dev.ringfence.formats.domain;

import java.util.List;

/**
 * {@code <serial>}, {@code <parallel>}, {@code <console>} or {@code <channel>}.
 *
 * @param type of the host side: {@code pty}, {@code tcp}, {@code udp}, {@code unix}, {@code file}, {@code dev}, {@code
 *     pipe}, {@code stdio}, {@code spicevmc}, {@code qemu-vdagent}, {@code dbus}, {@code null}, …
 * @param sources the host side; UDP has two
 * @param protocolType {@code raw}, {@code telnet}, {@code telnets}, {@code tls}
 * @param logFile a copy of everything is written there
 * @param targetType of the guest side, such as {@code isa-serial}, {@code virtio}, {@code guestfwd}
 * @param targetName of a virtio channel, such as {@code org.qemu.guest_agent.0}
 * @param targetState {@code connected} or {@code disconnected}, of a live channel
 */
public record CharDevice(
        String type,
        String tty,
        List<CharSource> sources,
        String protocolType,
        String logFile,
        String logAppend,
        String targetType,
        String targetModel,
        String targetName,
        String targetState,
        String targetAddress,
        String targetPort,
        String alias,
        Address address) {
    public CharDevice {
        sources = List.copyOf(sources);
    }

    /**
     * {@code <source>} of a character device.
     *
     * @param mode {@code bind} or {@code connect}
     * @param path file, device or socket
     * @param channel of SPICE or D-Bus
     * @param tls {@code yes} or {@code no}
     */
    public record CharSource(
            String mode,
            String path,
            String host,
            String service,
            String channel,
            String master,
            String slave,
            String append,
            String tls,
            String reconnectEnabled,
            String clipboardCopypaste,
            String mouseMode,
            List<SecLabel> seclabels) {
        public CharSource {
            seclabels = List.copyOf(seclabels);
        }
    }
}
