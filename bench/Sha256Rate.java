import java.security.MessageDigest;

/** Prints how many MiB the JDK hashes with SHA-256 in a second on one core: the best of some runs, warm. */
final class Sha256Rate {
    private static final int RUNS = 8;
    private static final int MIB = 512;

    private Sha256Rate() {}

    public static void main(String[] arguments) throws Exception {
        byte[] data = new byte[1 << 20];
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        double best = 0;
        for (int run = 0; run < RUNS; run++) {
            long start = System.nanoTime();
            for (int i = 0; i < MIB; i++) {
                digest.update(data);
            }
            digest.digest();
            best = Math.max(best, MIB / ((System.nanoTime() - start) / 1e9));
        }
        System.out.printf("%.0f%n", best);
    }
}
