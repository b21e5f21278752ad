import dev.ringfence.formats.image.Expectation;
import dev.ringfence.formats.image.ImageFormat;
import dev.ringfence.formats.image.ImageInspector;
import dev.ringfence.formats.image.ImageReport;
import dev.ringfence.linux.image.ImageFile;
import java.nio.file.Path;
import java.util.Arrays;

/** Prints how long opening and inspecting an image takes, warm: median and 99th percentile in milliseconds. */
final class InspectImage {
    private static final int WARM = 2_000;
    private static final int RUNS = 2_000;

    private InspectImage() {}

    public static void main(String[] arguments) throws Exception {
        Path path = Path.of(arguments[0]);
        Expectation expected = Expectation.of(ImageFormat.named(arguments[1]).orElseThrow());
        long[] nanos = new long[RUNS];
        for (int run = -WARM; run < RUNS; run++) {
            long start = System.nanoTime();
            try (ImageFile file = ImageFile.open(path)) {
                ImageReport report = ImageInspector.inspect(file, expected);
                if (!report.safe()) {
                    throw new IllegalStateException(report.findings().toString());
                }
            }
            if (run >= 0) {
                nanos[run] = System.nanoTime() - start;
            }
        }
        Arrays.sort(nanos);
        System.out.printf("%.3f %.3f%n", nanos[RUNS / 2] / 1e6, nanos[RUNS * 99 / 100] / 1e6);
    }
}
