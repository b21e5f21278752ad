package dev.ringfence.linux.fix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Who changes a host.
 *
 * @param uid the user id that this process acts with, -1 where /proc does not tell
 * @param loginUid the user id that logged in, through whatever {@code su} and {@code sudo} since; -1 when nobody did
 * @param sudoUser who called sudo, by sudo's own word; empty without sudo
 */
public record Actor(long uid, long loginUid, String sudoUser) {
    private static final long NOBODY_LOGGED_IN = 0xFFFFFFFFL;
    private static final int NAME_LIMIT = 256;

    public Actor {
        sudoUser = sudoUser.length() > NAME_LIMIT ? sudoUser.substring(0, NAME_LIMIT) : sudoUser;
    }

    /** Of this process. */
    public static Actor current(Map<String, String> environment) {
        return new Actor(effectiveUid(), loggedIn(), environment.getOrDefault("SUDO_USER", ""));
    }

    private static long effectiveUid() {
        try {
            return Integer.toUnsignedLong((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException e) {
            return -1;
        }
    }

    private static long loggedIn() {
        try {
            long id = Long.parseLong(
                    Files.readString(Path.of("/proc/self/loginuid")).strip());
            return id == NOBODY_LOGGED_IN ? -1 : id;
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
    }

    @Override
    public String toString() {
        return "uid " + uid + (loginUid < 0 ? "" : ", login uid " + loginUid)
                + (sudoUser.isEmpty() ? "" : ", sudo by " + sudoUser);
    }
}
