package dev.ringfence.core.fix;

import java.util.regex.Pattern;

/**
 * Who owns a file, and its permissions.
 *
 * @param owner name by the host's own /etc/passwd, or the number where it has none
 * @param group likewise by /etc/group
 * @param mode permission bits as four octal digits, {@code 0640}
 */
public record FileAttributes(String owner, String group, String mode) {
    private static final Pattern MODE = Pattern.compile("[0-7]{4}");
    private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.@$-]{0,63}");

    public FileAttributes {
        if (!ACCOUNT.matcher(owner).matches() || !ACCOUNT.matcher(group).matches()) {
            throw new IllegalArgumentException("not an account: " + owner + ":" + group);
        }
        if (!MODE.matcher(mode).matches()) {
            throw new IllegalArgumentException("not a mode of four octal digits: " + mode);
        }
    }

    /** What a new configuration file without secrets gets. */
    public static final FileAttributes NEW_FILE = new FileAttributes("root", "root", "0644");

    /** The permission bits as a number. */
    public int modeBits() {
        return Integer.parseInt(mode, 8);
    }

    @Override
    public String toString() {
        return owner + ":" + group + " " + mode;
    }
}
