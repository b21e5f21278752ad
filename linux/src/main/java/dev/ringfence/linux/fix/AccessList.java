package dev.ringfence.linux.fix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * POSIX access lists as the kernel keeps them: a 32-bit version, then entries of a 16-bit tag, 16-bit permissions and a
 * 32-bit id, all little-endian (Linux, {@code include/uapi/linux/posix_acl_xattr.h}).
 */
final class AccessList {
    static final String ATTRIBUTE = "system.posix_acl_access";

    private static final int HEADER_BYTES = 4;
    private static final int ENTRY_BYTES = 8;
    private static final int OWNER = 0x01;
    private static final int GROUP = 0x04;
    private static final int MASK = 0x10;
    private static final int OTHER = 0x20;

    private AccessList() {}

    /** The list after chmod(2): owner, others, and the mask (or without one the group) follow the mode. */
    static String withMode(String hex, int mode) {
        ByteBuffer list = ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.LITTLE_ENDIAN);
        int group = hasMask(list) ? MASK : GROUP;
        for (int at = HEADER_BYTES; at + ENTRY_BYTES <= list.limit(); at += ENTRY_BYTES) {
            int tag = list.getShort(at);
            if (tag == OWNER) {
                list.putShort(at + 2, (short) (mode >> 6 & 7));
            } else if (tag == group) {
                list.putShort(at + 2, (short) (mode >> 3 & 7));
            } else if (tag == OTHER) {
                list.putShort(at + 2, (short) (mode & 7));
            }
        }
        return HexFormat.of().formatHex(list.array());
    }

    private static boolean hasMask(ByteBuffer list) {
        for (int at = HEADER_BYTES; at + ENTRY_BYTES <= list.limit(); at += ENTRY_BYTES) {
            if (list.getShort(at) == MASK) {
                return true;
            }
        }
        return false;
    }
}
