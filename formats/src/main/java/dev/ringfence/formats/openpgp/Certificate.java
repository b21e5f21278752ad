package dev.ringfence.formats.openpgp;

import dev.ringfence.formats.Decoded;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A public key with what belongs to it (RFC 9580, section 10.1). Nothing in it is believed before it is verified. Immutable. */
public final class Certificate {
    private static final int FILE_LIMIT_BYTES = 16 << 20;

    private final PublicKeyPacket primary;
    private final List<PgpSignature> signatures;
    private final List<UserId> userIds;
    private final List<Subkey> subkeys;

    private Certificate(
            PublicKeyPacket primary, List<PgpSignature> signatures, List<UserId> userIds, List<Subkey> subkeys) {
        this.primary = primary;
        this.signatures = List.copyOf(signatures);
        this.userIds = List.copyOf(userIds);
        this.subkeys = List.copyOf(subkeys);
    }

    /** A user ID or attribute with the signatures over it. */
    record UserId(Octets body, boolean attribute, List<PgpSignature> signatures) {}

    /** A subkey with the signatures over it. */
    record Subkey(PublicKeyPacket key, List<PgpSignature> signatures) {}

    /**
     * The certificates of a keyring, with or without ASCII armor; at most 16 MiB. Keys of other versions are left out, and so
     * are signatures that are not supported.
     */
    public static Decoded<List<Certificate>> decode(byte[] file) {
        try {
            if (file.length > FILE_LIMIT_BYTES) {
                throw new Malformed(Malformed.SIZE, "a keyring of more than 16 MiB");
            }
            byte[] octets = Armor.looksArmored(file) ? Armor.decode(file, "PUBLIC KEY BLOCK") : file;
            List<Certificate> found = new ArrayList<>();
            Optional<Malformed> unsupported = Optional.empty();
            List<Packet> packets = Packet.read(octets);
            int at = 0;
            while (at < packets.size()) {
                int end = at + 1;
                while (end < packets.size() && packets.get(end).type() != Packet.PUBLIC_KEY) {
                    end++;
                }
                try {
                    one(packets.subList(at, end)).ifPresent(found::add);
                } catch (Malformed e) {
                    if (!e.refusal().code().equals(Malformed.UNSUPPORTED)) {
                        throw e;
                    }
                    unsupported = Optional.of(e);
                }
                at = end;
            }
            if (found.isEmpty()) {
                throw unsupported.orElse(new Malformed(Malformed.NO_KEY, "it holds no public key"));
            }
            return new Decoded.Value<>(List.copyOf(found));
        } catch (Malformed e) {
            return new Decoded.Refused<>(e.refusal());
        }
    }

    private static Optional<Certificate> one(List<Packet> packets) throws Malformed {
        for (Packet packet : packets) {
            if (packet.type() == Packet.SECRET_KEY || packet.type() == Packet.SECRET_SUBKEY) {
                throw new Malformed(Malformed.PRIVATE_KEY, "it holds a private key; export the public key alone");
            }
        }
        if (packets.getFirst().type() != Packet.PUBLIC_KEY) {
            return Optional.empty();
        }
        PublicKeyPacket primary = PublicKeyPacket.read(packets.getFirst().body());
        List<PgpSignature> direct = new ArrayList<>();
        List<UserId> userIds = new ArrayList<>();
        List<Subkey> subkeys = new ArrayList<>();
        List<PgpSignature> current = direct;
        for (Packet packet : packets.subList(1, packets.size())) {
            switch (packet.type()) {
                case Packet.SIGNATURE -> supported(packet, current);
                case Packet.USER_ID, Packet.USER_ATTRIBUTE -> {
                    current = new ArrayList<>();
                    userIds.add(new UserId(packet.body(), packet.type() == Packet.USER_ATTRIBUTE, current));
                }
                case Packet.PUBLIC_SUBKEY -> {
                    current = new ArrayList<>();
                    try {
                        subkeys.add(new Subkey(PublicKeyPacket.read(packet.body()), current));
                    } catch (Malformed e) {
                        // One odd subkey does not spoil the others; it verifies nothing.
                        current = new ArrayList<>();
                    }
                }
                default -> current = new ArrayList<>();
            }
        }
        return Optional.of(new Certificate(primary, direct, userIds, subkeys));
    }

    private static void supported(Packet packet, List<PgpSignature> into) {
        try {
            into.add(PgpSignature.read(packet.body()));
        } catch (Malformed e) {
            // A signature that is not understood proves nothing; a certificate may carry many from strangers.
        }
    }

    /** 40 upper-case hexadecimal digits of the primary key. */
    public String fingerprint() {
        return primary.fingerprint();
    }

    /** Whether the text, with any spaces and in any case, is the fingerprint of the primary key. */
    public boolean hasFingerprint(String text) {
        return fingerprint().equals(text.replace(" ", "").toUpperCase(Locale.ROOT));
    }

    /** Who the certificate says it is; not verified. Control characters are replaced. */
    public List<String> userIds() {
        return userIds.stream()
                .filter(u -> !u.attribute())
                .map(u -> new String(u.body().copy(), StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?"))
                .toList();
    }

    PublicKeyPacket primary() {
        return primary;
    }

    List<PgpSignature> signatures() {
        return signatures;
    }

    List<UserId> allUserIds() {
        return userIds;
    }

    List<Subkey> subkeys() {
        return subkeys;
    }
}
