package dev.ringfence.formats.openpgp;

import java.util.ArrayList;
import java.util.List;

/**
 * One packet (RFC 9580, section 4).
 *
 * @param type packet type ID
 */
record Packet(int type, Octets body) {
    static final int SIGNATURE = 2;
    static final int SECRET_KEY = 5;
    static final int PUBLIC_KEY = 6;
    static final int SECRET_SUBKEY = 7;
    static final int MARKER = 10;
    static final int USER_ID = 13;
    static final int PUBLIC_SUBKEY = 14;
    static final int USER_ATTRIBUTE = 17;

    private static final int COUNT_LIMIT = 100_000;

    /** All packets of a file. Lengths in parts are for streamed content only, and refused. */
    static List<Packet> read(byte[] file) throws Malformed {
        Reading in = new Reading(file);
        List<Packet> packets = new ArrayList<>();
        while (!in.atEnd()) {
            if (packets.size() == COUNT_LIMIT) {
                throw new Malformed(Malformed.PACKET, "more than " + COUNT_LIMIT + " packets");
            }
            packets.add(one(in));
        }
        return packets;
    }

    private static Packet one(Reading in) throws Malformed {
        int tag = in.u8();
        if ((tag & 0x80) == 0) {
            throw new Malformed(Malformed.PACKET, "not an OpenPGP packet");
        }
        if ((tag & 0x40) != 0) {
            return new Packet(tag & 0x3f, new Octets(in.bytes(newLength(in))));
        }
        int length = switch (tag & 3) {
            case 0 -> in.u8();
            case 1 -> in.u16();
            case 2 -> length(in.u32());
            default -> throw new Malformed(Malformed.PACKET, "a packet without a length");
        };
        return new Packet(tag >> 2 & 0xf, new Octets(in.bytes(length)));
    }

    private static int newLength(Reading in) throws Malformed {
        int first = in.u8();
        if (first < 192) {
            return first;
        }
        if (first < 224) {
            return (first - 192 << 8) + in.u8() + 192;
        }
        if (first < 255) {
            throw new Malformed(Malformed.PACKET, "a packet whose length comes in parts");
        }
        return length(in.u32());
    }

    private static int length(long length) throws Malformed {
        if (length > Integer.MAX_VALUE) {
            throw new Malformed(Malformed.PACKET, "it ends inside a packet");
        }
        return (int) length;
    }
}
