package dev.ringfence.formats.image;

import dev.ringfence.formats.Refusal;
import java.util.List;

/**
 * An image and the files that were looked at below it.
 *
 * @param links the image first; at least one
 * @param findings why the image is refused, with all that it stands on; empty if it is safe
 */
public record ImageChain(List<Link> links, List<Refusal> findings) {
    public ImageChain {
        links = List.copyOf(links);
        findings = List.copyOf(findings);
        if (links.isEmpty()) {
            throw new IllegalArgumentException("a chain without an image");
        }
    }

    /**
     * One file.
     *
     * @param path as a person knows it
     * @param report of this file alone
     * @param allocatedBytes what it takes on disk; less than its length where it has holes
     */
    public record Link(String path, ImageReport report, long allocatedBytes) {}

    /** An image alone: whatever it stands on is a finding. */
    public static ImageChain alone(Link link) {
        return new ImageChain(List.of(link), link.report().findings());
    }

    /** The image itself. */
    public Link top() {
        return links.getFirst();
    }

    /** Whether nothing speaks against opening the image, with all that was looked at below it. */
    public boolean safe() {
        return findings.isEmpty();
    }

    /** The codes of the findings, each once, in order of appearance. */
    public List<String> codes() {
        return findings.stream().map(Refusal::code).distinct().toList();
    }
}
