package dev.ringfence.linux.watch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A source of events that tells what a test says, for what the kernel does not do at will. */
final class FakeEvents implements FileEvents {
    private final BlockingQueue<Events> told = new LinkedBlockingQueue<>();
    private final List<Path> watched = new ArrayList<>();

    void tell(Path directory, String name, boolean structural) {
        told.add(new Events(List.of(new Event(directory, name, structural)), false));
    }

    void lose() {
        told.add(new Events(List.of(), true));
    }

    @Override
    public boolean watch(Path directory, Level level) {
        watched.add(directory);
        return Files.isDirectory(directory);
    }

    @Override
    public Events await(Duration atMost) {
        try {
            Events events = told.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
            return events == null ? new Events(List.of(), false) : events;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Events(List.of(), false);
        }
    }

    @Override
    public void close() {
        watched.clear();
    }
}
