package dev.ringfence.core.fix;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One change of a host, complete: what was there, what will be there. Paths are absolute, exact and without links.
 */
public sealed interface Action {
    /**
     * Writes a whole file. One that was there keeps what is not named here: ACL, extended attributes, SELinux label.
     *
     * @param path the file
     * @param before what must be there still
     * @param after the new content
     * @param attributes owner, group and mode afterwards; those of {@code before} unless they are part of the fix
     * @param diff unified diff for people, secrets redacted ({@link FileDiff}); empty when the content stays
     * @param checks programs that must accept the file
     * @param regenerate commands that make the file count (update-grub, daemon-reload), run after it was written and again
     *     after it was put back
     */
    record EditFile(
            String path,
            FileState before,
            FileContent after,
            FileAttributes attributes,
            String diff,
            List<Check> checks,
            List<Argv> regenerate)
            implements Action {
        public EditFile {
            requirePath(path);
            checks = List.copyOf(checks);
            regenerate = List.copyOf(regenerate);
        }
    }

    /**
     * A program that must end with status 0.
     *
     * @param argv in {@link When#BEFORE}, the word {@code {}} stands for the path of the file that was written aside
     */
    record Check(When when, Argv argv) {
        /** The word that stands for the path of the new file. */
        public static final String FILE = "{}";

        /** When it runs. */
        public enum When {
            /** On the new file, before it takes the old one's place. */
            BEFORE,
            /** On the whole configuration, with the new file in place; its refusal puts the old one back. */
            AFTER
        }
    }

    /**
     * Writes a value below /proc/sys or /sys. It is lost at a restart; a file beside it keeps it.
     *
     * @param before what reading it gave, the first line without surrounding white space
     * @param after what is written; reading it may give another word for the same
     * @param restore what is written to undo it, empty when the kernel takes it back only at a restart
     */
    record SetKernelValue(String path, String before, String after, Optional<String> restore) implements Action {
        public SetKernelValue {
            requirePath(path);
            if (!path.startsWith("/proc/sys/") && !path.startsWith("/sys/")) {
                throw new IllegalArgumentException("not a kernel value: " + path);
            }
        }
    }

    /** Sets owners and modes; contents stay. Paths are files, directories or devices, never links. */
    record SetFileAttributes(List<AttributeChange> changes) implements Action {
        public SetFileAttributes {
            changes = List.copyOf(changes);
            if (changes.isEmpty()) {
                throw new IllegalArgumentException("no attribute changes");
            }
        }
    }

    /** Owner and mode of one path. */
    record AttributeChange(String path, FileAttributes before, FileAttributes after) {
        public AttributeChange {
            requirePath(path);
        }
    }

    /** Sets an SELinux boolean, now and for later ({@code setsebool -P}). */
    record SetSelinuxBoolean(String name, boolean before, boolean after) implements Action {
        private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1,128}");

        public SetSelinuxBoolean {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("not an SELinux boolean: " + name);
            }
        }
    }

    /** Enables, disables or masks a systemd unit; what is disabled or masked is stopped as well, what is enabled started. */
    record ChangeUnit(String unit, UnitState before, Verb verb) implements Action {
        private static final Pattern NAME =
                Pattern.compile("[A-Za-z0-9_.@:\\\\-]{1,200}\\.(service|socket|timer|path|mount|target)");

        public ChangeUnit {
            if (!NAME.matcher(unit).matches()) {
                throw new IllegalArgumentException("not a unit: " + unit);
            }
        }

        /** What systemctl is asked for. */
        public enum Verb {
            /** Starts now and at boot. */
            ENABLE,
            /** Stops, and does not start by itself. */
            DISABLE,
            /** Stops, and cannot be started. */
            MASK
        }

        /** What was on disk. */
        public enum UnitState {
            /** Starts by itself. */
            ENABLED,
            /** Does not start by itself, or only when something else asks for it. */
            DISABLED,
            /** Cannot be started. */
            MASKED
        }
    }

    /**
     * Runs a program.
     *
     * @param undo takes it back; empty when nothing does
     */
    record RunCommand(Argv argv, Optional<Argv> undo) implements Action {}

    /**
     * Gives a domain another stored definition, through libvirt. A running guest has it after its next start.
     *
     * @param uuid of the domain, lower case
     * @param path of the stored XML, whose bytes {@code sha256Before} is of
     * @param after the new definition, whole
     * @param diff of the definitions, for people
     */
    record EditDomain(String name, String uuid, String path, String sha256Before, String after, String diff)
            implements Action {
        private static final Pattern UUID =
                Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

        public EditDomain {
            requirePath(path);
            if (!UUID.matcher(uuid).matches()) {
                throw new IllegalArgumentException("not a lower-case UUID: " + uuid);
            }
        }
    }

    /**
     * Installs, removes or upgrades a package with the host's package manager.
     *
     * @param before installed version, empty when not installed
     */
    record ChangePackage(String name, Optional<String> before, Verb verb, Family family) implements Action {
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._-]{0,127}");

        public ChangePackage {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("not a package: " + name);
            }
        }

        /** What is asked for. */
        public enum Verb {
            INSTALL,
            REMOVE,
            UPGRADE
        }

        /** Which package manager the host has. */
        public enum Family {
            DPKG,
            RPM
        }
    }

    private static void requirePath(String path) {
        if (!path.startsWith("/") || path.indexOf('\0') >= 0 || path.contains("/../") || path.endsWith("/..")) {
            throw new IllegalArgumentException("not an absolute path: " + path);
        }
    }
}
