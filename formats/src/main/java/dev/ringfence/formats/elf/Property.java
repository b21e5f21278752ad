package dev.ringfence.formats.elf;

import java.util.Optional;

/**
 * A verdict on one property of a file, with its reason.
 *
 * @param answer the verdict
 * @param why what was seen, or why nothing could be; for a person, without hostile text
 */
public record Property(Answer answer, String why) {
    /** The four outcomes. */
    public enum Answer {
        /** Seen to be there. */
        YES,
        /** Seen to be absent. */
        NO,
        /** The property has no meaning for this kind of file. */
        NOT_APPLICABLE,
        /** It would have a meaning, but the file does not show it. Never a pass. */
        UNSEEN
    }

    public Property {
        if (why.isBlank()) {
            throw new IllegalArgumentException("verdict without a reason");
        }
    }

    static Property yes(String why) {
        return new Property(Answer.YES, why);
    }

    static Property no(String why) {
        return new Property(Answer.NO, why);
    }

    static Property when(boolean there, String why, String otherwise) {
        return there ? yes(why) : no(otherwise);
    }

    static Property notApplicable(String why) {
        return new Property(Answer.NOT_APPLICABLE, why);
    }

    static Property unseen(String why) {
        return new Property(Answer.UNSEEN, why);
    }

    /** True or false when the file decides it; empty when it does not apply or cannot be seen. */
    public Optional<Boolean> decided() {
        return switch (answer) {
            case YES -> Optional.of(true);
            case NO -> Optional.of(false);
            case NOT_APPLICABLE, UNSEEN -> Optional.empty();
        };
    }
}
