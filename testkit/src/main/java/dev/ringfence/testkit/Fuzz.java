package dev.ringfence.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Seeded mutation fuzzing. A target is called with mutated copies of valid samples; whatever it throws is reported with
 * the seed, so that {@code -Dfuzz.seed=N} repeats the failing input alone. The number of rounds can be raised with
 * {@code -Dfuzz.rounds=N}.
 *
 * <p>Not thread-safe.
 */
public final class Fuzz {
    private static final String REPEAT = System.getProperty("fuzz.seed", "");

    private Fuzz() {}

    /** A generator whose sequence is fixed by the seed. */
    public static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /**
     * Calls the target with {@code rounds} mutated samples: flipped bits, overwritten words, cut and repeated pieces,
     * truncation, splices of two samples.
     *
     * @throws AssertionError naming the seed, if the target throws anything
     */
    public static void bytes(List<byte[]> samples, int rounds, Consumer<byte[]> target) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("fuzzing needs at least one sample");
        }
        if (!REPEAT.isEmpty()) {
            runOne(samples, Long.parseLong(REPEAT), target);
            return;
        }
        String asked = System.getProperty("fuzz.rounds", "");
        int total = asked.isEmpty() ? rounds : Integer.parseInt(asked);
        for (long seed = 1; seed <= total; seed++) {
            runOne(samples, seed, target);
        }
    }

    /** As {@link #bytes}, for text: the mutated bytes are decoded as UTF-8, malformed input replaced. */
    public static void text(List<String> samples, int rounds, Consumer<String> target) {
        bytes(
                samples.stream().map(s -> s.getBytes(StandardCharsets.UTF_8)).toList(),
                rounds,
                b -> target.accept(new String(b, StandardCharsets.UTF_8)));
    }

    private static void runOne(List<byte[]> samples, long seed, Consumer<byte[]> target) {
        byte[] input = mutate(samples, random(seed));
        try {
            target.accept(input);
        } catch (RuntimeException | Error e) {
            throw new AssertionError("fuzz seed " + seed + " (" + input.length + " bytes): " + e, e);
        }
    }

    private static byte[] mutate(List<byte[]> samples, RandomGenerator random) {
        byte[] out = samples.get(random.nextInt(samples.size())).clone();
        int steps = 1 + random.nextInt(8);
        for (int i = 0; i < steps; i++) {
            out = step(out, samples, random);
        }
        return out;
    }

    private static byte[] step(byte[] in, List<byte[]> samples, RandomGenerator random) {
        if (in.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int at = random.nextInt(in.length);
        byte[] out = in.clone();
        switch (random.nextInt(8)) {
            case 0 -> out[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> out[at] = (byte) random.nextInt();
            case 2 -> {
                byte fill = (byte) (random.nextBoolean() ? 0xff : 0x00);
                Arrays.fill(out, at, Math.min(out.length, at + (1 << random.nextInt(4))), fill);
            }
            case 3 -> {
                return Arrays.copyOf(in, at);
            }
            case 4 -> {
                int length = Math.min(in.length - at, 1 + random.nextInt(64));
                return splice(in, at, in, at, length, 0);
            }
            case 5 -> {
                byte[] other = samples.get(random.nextInt(samples.size()));
                if (other.length == 0) {
                    return in;
                }
                int from = random.nextInt(other.length);
                return splice(in, at, other, from, Math.min(other.length - from, 1 + random.nextInt(256)), 0);
            }
            case 6 -> {
                int length = Math.min(in.length - at, 1 + random.nextInt(64));
                return splice(in, at, in, at, 0, length);
            }
            default -> {
                byte[] odd = "\0\"'<>&[]{}=#\\\n\r\t$%;,:".getBytes(StandardCharsets.US_ASCII);
                out[at] = odd[random.nextInt(odd.length)];
            }
        }
        return out;
    }

    private static byte[] splice(byte[] in, int at, byte[] other, int from, int length, int removed) {
        byte[] out = new byte[in.length + length - removed];
        System.arraycopy(in, 0, out, 0, at);
        System.arraycopy(other, from, out, at, length);
        System.arraycopy(in, at + removed, out, at + length, in.length - at - removed);
        return out;
    }
}
