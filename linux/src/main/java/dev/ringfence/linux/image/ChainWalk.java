package dev.ringfence.linux.image;

import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.image.Expectation;
import dev.ringfence.formats.image.ImageChain;
import dev.ringfence.formats.image.ImageChain.Link;
import dev.ringfence.formats.image.ImageCode;
import dev.ringfence.formats.image.ImageFormat;
import dev.ringfence.formats.image.ImageInspector;
import dev.ringfence.formats.image.ImageLimits;
import dev.ringfence.formats.image.Reference;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks from an image down to the files that it stands on, all in one directory. A backing file that lies there, whose format
 * is given and which is safe itself, is no finding; everything else that speaks against a single image speaks against the
 * chain. Data files and extents are never opened. For one walk, by one thread.
 */
public final class ChainWalk {
    /** The longest chain that is walked. */
    public static final int DEPTH_LIMIT = 64;

    /** What a backing file in the pool is not refused for. */
    private static final Set<String> FOLLOWED =
            Set.of(ImageCode.BACKING_FILE.code(), ImageCode.REFERENCE_ABSOLUTE.code());

    private final PoolDirectory pool;
    private final ImageLimits limits;
    private final List<Link> links = new ArrayList<>();
    private final Set<Refusal> findings = new LinkedHashSet<>();
    private final Set<ImageFile.Identity> seen = new HashSet<>();

    private ChainWalk(PoolDirectory pool, ImageLimits limits) {
        this.pool = pool;
        this.limits = limits;
    }

    /**
     * Walks a chain.
     *
     * @param image absolute, or relative to the working directory
     * @param expected of the image; the files below it are held to the format that the file above gives
     * @throws IOException if the image itself is not in the pool or cannot be read; of a file below it that is a finding
     */
    public static ImageChain walk(PoolDirectory pool, Path image, Expectation expected, ImageLimits limits)
            throws IOException {
        return new ChainWalk(pool, limits).walk(image, expected);
    }

    private ImageChain walk(Path image, Expectation expected) throws IOException {
        Path absolute = image.toAbsolutePath();
        Path parent = absolute.getParent();
        Path name = absolute.getFileName();
        if (parent == null || name == null) {
            throw new FileSystemException(image.toString(), null, "not a regular file");
        }
        String at = pool.place(parent.toRealPath().resolve(name).toString(), "")
                .orElseThrow(
                        () -> new FileSystemException(image.toString(), null, "not in the directory " + pool.path()));
        Expectation now = expected;
        while (true) {
            Link link = inspect(at, now);
            if (link == null) {
                break;
            }
            links.add(link);
            Reference backing = link.report().backing();
            Below below = backing == null ? null : follow(backing, at);
            for (Refusal finding : link.report().findings()) {
                if (below == null || !FOLLOWED.contains(finding.code())) {
                    findings.add(finding);
                }
            }
            if (below == null) {
                break;
            }
            if (links.size() == DEPTH_LIMIT) {
                findings.add(ImageCode.CHAIN_DEPTH.refusal("the chain has more than " + DEPTH_LIMIT + " files"));
                break;
            }
            at = below.place();
            now = new Expectation(below.format(), expected.encrypted() || below.format() == ImageFormat.LUKS);
        }
        return new ImageChain(links, List.copyOf(findings));
    }

    /** A backing file that may be opened. */
    private record Below(String place, ImageFormat format) {}

    private @Nullable Link inspect(String place, Expectation expected) throws IOException {
        try (ImageFile file = pool.open(place)) {
            if (!seen.add(file.identity())) {
                findings.add(ImageCode.CHAIN_LOOP.refusal("the chain comes back to " + printable(place)));
                return null;
            }
            return new Link(
                    pool.path().resolve(place).toString(),
                    ImageInspector.inspect(file, expected, limits),
                    file.allocatedBytes());
        } catch (IOException e) {
            if (links.isEmpty()) {
                throw e;
            }
            findings.add(ImageCode.CHAIN_MISSING.refusal(
                    "the backing file " + printable(place) + " is missing, no regular file, a link, or unreadable"));
            return null;
        }
    }

    private @Nullable Below follow(Reference backing, String from) {
        Reference.Kind kind = backing.kind();
        Optional<ImageFormat> format = ImageFormat.named(String.valueOf(backing.format()));
        boolean path = kind == Reference.Kind.RELATIVE || kind == Reference.Kind.ABSOLUTE;
        if (!path || backing.name().contains(":") || format.isEmpty()) {
            return null;
        }
        int slash = from.lastIndexOf('/');
        Optional<String> place = pool.place(backing.name(), slash < 0 ? "" : from.substring(0, slash));
        if (place.isEmpty()) {
            findings.add(ImageCode.REFERENCE_OUTSIDE.refusal("the backing file is not in the allowed directory"));
            return null;
        }
        return new Below(place.get(), format.get());
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
