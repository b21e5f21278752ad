package dev.ringfence.ledger.tile;

import dev.ringfence.ledger.Parsed;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The path of a hash tile or entry bundle below a log's prefix (C2SP tlog-tiles): {@code tile/<L>/<N>[.p/<W>]} or
 * {@code tile/entries/<N>[.p/<W>]}, with N in groups of three digits, {@code x001/x234/067}. Refusal: RF-LDG-011, no path
 * of a tile.
 *
 * @param level 0 to 63, or {@link #ENTRIES} for an entry bundle
 * @param index zero-based index in the level
 * @param width 1 to 255 for a partial tile, 256 for a full one
 */
public record TilePath(int level, long index, int width) {
    /** Hashes of a full tile, entries of a full bundle. */
    public static final int FULL_WIDTH = 256;

    /** Stands for the level of an entry bundle. */
    public static final int ENTRIES = -1;

    private static final int LEVEL_LIMIT = 63;
    private static final Pattern SYNTAX =
            Pattern.compile("tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

    public TilePath {
        if (level < ENTRIES || level > LEVEL_LIMIT || index < 0 || width < 1 || width > FULL_WIDTH) {
            throw new IllegalArgumentException("no tile at level " + level + ", index " + index + ", width " + width);
        }
    }

    /** An entry bundle. */
    public static TilePath entries(long index, int width) {
        return new TilePath(ENTRIES, index, width);
    }

    /** Reads a path such as {@code tile/0/x001/067.p/3}; only the one spelling of each path is taken. Never throws. */
    public static Parsed<TilePath> parse(String path) {
        Matcher matcher = SYNTAX.matcher(path);
        if (path.length() > 64 || !matcher.matches()) {
            return noPath();
        }
        String level = matcher.group(1);
        String width = matcher.group(3);
        BigInteger index = new BigInteger(matcher.group(2).replace("x", "").replace("/", ""));
        int levelNumber = level.equals("entries") ? ENTRIES : Integer.parseInt(level);
        int widthNumber = width == null ? FULL_WIDTH : Integer.parseInt(width);
        if (levelNumber > LEVEL_LIMIT || index.bitLength() > 63 || (width != null && widthNumber >= FULL_WIDTH)) {
            return noPath();
        }
        TilePath parsed = new TilePath(levelNumber, index.longValueExact(), widthNumber);
        // x000/001 names tile 1 a second time; only what we would write ourselves is a path.
        return parsed.path().equals(path) ? Parsed.of(parsed) : noPath();
    }

    /** Whether this is an entry bundle rather than a tile of hashes. */
    public boolean isEntries() {
        return level == ENTRIES;
    }

    /** Whether the tile is full, so that its bytes never change again under a growing tree. */
    public boolean isFull() {
        return width == FULL_WIDTH;
    }

    /** The full tile at the same place. */
    public TilePath full() {
        return isFull() ? this : new TilePath(level, index, FULL_WIDTH);
    }

    /** Path with forward slashes, below the prefix of the log. */
    public String path() {
        StringBuilder path = new StringBuilder("tile/");
        path.append(isEntries() ? "entries" : Integer.toString(level)).append('/');
        appendIndex(path, index);
        if (!isFull()) {
            path.append(".p/").append(width);
        }
        return path.toString();
    }

    @Override
    public String toString() {
        return path();
    }

    private static void appendIndex(StringBuilder path, long index) {
        String digits = Long.toString(index);
        String padded = "0".repeat((3 - digits.length() % 3) % 3) + digits;
        for (int i = 0; i < padded.length(); i += 3) {
            boolean last = i + 3 == padded.length();
            path.append(last ? "" : "x").append(padded, i, i + 3).append(last ? "" : "/");
        }
    }

    private static Parsed<TilePath> noPath() {
        return Parsed.refused("RF-LDG-011", "not the path of a tile or entry bundle");
    }
}
