package dev.ringfence.formats.domain;

import java.util.List;

/**
 * {@code <source>} of a disk or of a layer below it. Only the fields of the disk's type are filled.
 *
 * @param present the document names a source; an empty CD drive has none
 * @param file path, for type {@code file}
 * @param dev path, for types {@code block} and {@code vhostvdpa}
 * @param dir path, for type {@code dir}
 * @param path socket, for type {@code vhostuser}
 * @param protocol {@code rbd}, {@code iscsi}, {@code nbd}, {@code http}, {@code ssh}, …, for type {@code network}
 * @param name volume or export, for type {@code network}
 * @param pool storage pool, for type {@code volume}
 * @param pci address of the NVMe controller, for an NVMe disk
 * @param nvmeNamespace namespace of the NVMe controller
 * @param tls {@code yes} or {@code no}
 * @param sslVerify {@code yes} or {@code no}, for {@code https} and {@code ftps}
 * @param cookieNames names of HTTP cookies; their values are not kept
 * @param identityKeyfile private key, for {@code ssh}
 * @param encryption encryption of this layer, also when it was written beside the source
 * @param auth login of this layer, also when it was written beside the source
 */
public record DiskSource(
        boolean present,
        String file,
        String dev,
        String dir,
        String path,
        String protocol,
        String name,
        String query,
        String pool,
        String volume,
        String mode,
        String pci,
        String nvmeNamespace,
        String managed,
        String startupPolicy,
        long index,
        String tls,
        String tlsHostname,
        String fdgroup,
        List<Host> hosts,
        String snapshot,
        String config,
        String initiatorIqn,
        String identityUser,
        String identityGroup,
        String identityUsername,
        String identityKeyfile,
        String knownHosts,
        String sslVerify,
        List<String> cookieNames,
        List<SecLabel> seclabels,
        Encryption encryption,
        Auth auth,
        Reservations reservations) {
    public DiskSource {
        hosts = List.copyOf(hosts);
        cookieNames = List.copyOf(cookieNames);
        seclabels = List.copyOf(seclabels);
    }

    /**
     * A storage server.
     *
     * @param transport {@code tcp}, {@code unix}, {@code rdma}
     */
    public record Host(String name, String port, String transport, String socket) {}

    /**
     * {@code <encryption>}.
     *
     * @param format {@code luks}, {@code luks2}, {@code qcow}, {@code luks-any}
     * @param engine {@code qemu} or {@code librbd}
     */
    public record Encryption(boolean present, String format, String engine, List<Secret> secrets) {
        public Encryption {
            secrets = List.copyOf(secrets);
        }
    }

    /** A libvirt secret, named by UUID or by usage. */
    public record Secret(String type, String uuid, String usage) {}

    /** {@code <auth>}: a login at a storage server. */
    public record Auth(boolean present, String username, Secret secret) {}

    /** {@code <reservations>}: SCSI persistent reservations. */
    public record Reservations(boolean present, String managed, String type, String path, String mode) {}
}
