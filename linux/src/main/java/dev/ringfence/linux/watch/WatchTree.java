package dev.ringfence.linux.watch;

import dev.ringfence.core.watch.Thing;
import dev.ringfence.linux.watch.FileEvents.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which directories have to be watched so that no change of a thing goes unseen, and which things an event is about. A
 * thing may not be there yet, its directory may be replaced, it may be behind a link: so every directory on the way is
 * watched for entries that come and go. For one thread.
 */
final class WatchTree {
    private static final int MAX_ROUNDS = 8;

    private final Map<Thing, Set<Path>> places = new HashMap<>();
    private final ThingReader reader;
    private final FileEvents events;
    private final Witness witness;

    WatchTree(ThingReader reader, FileEvents events, Witness witness) {
        this.reader = reader;
        this.events = events;
        this.witness = witness;
    }

    /**
     * Watches what these things need as the directories are now; to be called again after anything came or went.
     *
     * @return what could not be watched, empty when all is well
     */
    String watch(Set<Thing> things) {
        Map<Path, Level> directories = directories(things);
        String trouble = watch(directories);
        // One that came before its parent was watched is seen only by looking again.
        for (int i = 0; i < MAX_ROUNDS; i++) {
            Map<Path, Level> again = directories(things);
            if (again.equals(directories)) {
                return trouble;
            }
            directories = again;
            trouble = watch(directories);
        }
        return trouble;
    }

    private Map<Path, Level> directories(Set<Thing> things) {
        Map<Path, Level> directories = new TreeMap<>();
        for (Thing thing : things) {
            if (thing.isFile()) {
                Set<Path> found = places(thing);
                places.put(thing, found);
                found.forEach(path -> add(thing, path, directories));
            }
        }
        return directories;
    }

    private String watch(Map<Path, Level> directories) {
        String trouble = "";
        for (Map.Entry<Path, Level> directory : directories.entrySet()) {
            try {
                events.watch(directory.getKey(), directory.getValue());
                if (directory.getValue() != Level.ENTRIES) {
                    witness.watch(directory.getKey());
                }
            } catch (IOException e) {
                trouble = String.valueOf(e.getMessage());
            }
        }
        return trouble;
    }

    /** The path itself, and where it leads if there are links on the way. */
    private Set<Path> places(Thing thing) {
        Set<Path> found = new LinkedHashSet<>();
        Path path = reader.place(thing);
        found.add(path);
        try {
            found.add(path.toRealPath());
        } catch (IOException notThere) {
            // Watching the directories on the way tells when it comes.
            return found;
        }
        return found;
    }

    private static void add(Thing thing, Path path, Map<Path, Level> directories) {
        Level level = thing.hasContent() ? Level.CONTENT : Level.ATTRIBUTES;
        if (thing.hasContent() && Files.isDirectory(path)) {
            directories.merge(path, Level.CONTENT, WatchTree::more);
        }
        Path above = path.getParent();
        Level needed = level;
        while (above != null) {
            if (Files.isDirectory(above)) {
                directories.merge(above, needed, WatchTree::more);
            }
            needed = Level.ENTRIES;
            above = above.getParent();
        }
    }

    private static Level more(Level one, Level other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Adds the things that an event may be about; true when there are any. */
    boolean touched(FileEvents.Event event, Set<Thing> dirty) {
        Path at = event.name().isEmpty() ? event.directory() : event.directory().resolve(event.name());
        boolean any = false;
        for (Map.Entry<Thing, Set<Path>> entry : places.entrySet()) {
            Thing thing = entry.getKey();
            if (entry.getValue().stream().anyMatch(path -> isAbout(event, at, thing, path))) {
                dirty.add(thing);
                any = true;
            }
        }
        return any;
    }

    /** Whether it happened to the place of the thing, to a directory above it, or to an entry of it. */
    private static boolean isAbout(FileEvents.Event event, Path at, Thing thing, Path path) {
        return path.equals(at)
                || event.structural() && path.startsWith(at)
                || thing.hasContent() && path.equals(event.directory());
    }

    /** The places of a thing, for asking who changed it. */
    List<Path> placesOf(Thing thing) {
        return List.copyOf(places.getOrDefault(thing, Set.of()));
    }
}
