package dev.ringfence.formats.grub;

import java.util.List;

/**
 * A piece of a shell file: a word with its characters, or an operator.
 *
 * @param from offset in the text
 * @param to offset behind it
 * @param cells what the word is made of; empty for an operator and for an empty word
 */
record ShellToken(Kind kind, int from, int to, List<Cell> cells) {
    enum Kind {
        WORD,
        /** A line end or {@code ;}. */
        END,
        /** Any other operator: what stands beside it may run or not, or elsewhere. */
        OPERATOR
    }

    /**
     * One character of a word behind the quotes, and where it is written.
     *
     * @param value the character; meaningless where {@code known} is false
     * @param known false for an expansion, {@code $NAME} or a command's output
     * @param quote the quotes around it: {@code "}, {@code '} or a blank
     */
    record Cell(char value, boolean known, char quote, int from, int to) {}

    ShellToken {
        cells = List.copyOf(cells);
    }
}
