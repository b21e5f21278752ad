package dev.ringfence.wire.json;

import dev.ringfence.formats.Refusal;

/**
 * A document was refused. The message is one line for an operator: code, document, cause, next step. Texts from the
 * document are shortened, and its control characters are blanked, so that it can be printed on a terminal.
 */
public final class MalformedDocumentException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int CAUSE_LIMIT = 300;

    private final String code;

    /**
     * A refusal.
     *
     * @param code stable, {@code RF-XXX-NNN}
     * @param document the file's path, or what else names the document
     * @param cause what is wrong, and where
     * @param nextStep a sentence that says what to do
     */
    public MalformedDocumentException(String code, String document, String cause, String nextStep) {
        this(new Refusal(code, oneLine(document) + ": " + oneLine(cause) + ". " + nextStep));
    }

    private MalformedDocumentException(Refusal refusal) {
        super(refusal.code() + " refused " + refusal.reason());
        this.code = refusal.code();
    }

    /** Which kind of refusal, {@code RF-XXX-NNN}. */
    public String code() {
        return code;
    }

    private static String oneLine(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), CAUSE_LIMIT));
        for (int i = 0; i < text.length() && out.length() < CAUSE_LIMIT; i++) {
            char c = text.charAt(i);
            boolean unsafe = Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || Character.getType(c) == Character.LINE_SEPARATOR
                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
            out.append(unsafe ? ' ' : c);
        }
        return text.length() > CAUSE_LIMIT
                ? out.append('…').toString()
                : out.toString().stripTrailing();
    }
}
