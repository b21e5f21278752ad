package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.Terminal;
import dev.ringfence.ledger.leaf.Leaf;
import dev.ringfence.ledger.log.Append;
import java.io.IOException;
import java.nio.file.Path;

/** A ledger that another command writes into while it works. */
public final class OpenLedger implements AutoCloseable {
    private final Path directory;
    private final LogHome.Opened opened;

    private OpenLedger(Path directory, LogHome.Opened opened) {
        this.directory = directory;
        this.opened = opened;
    }

    /** Opens the log of a directory that {@code ledger init} made; without it the other command cannot run. */
    public static OpenLedger open(Path directory, Terminal terminal) throws CommandFailure, IOException {
        try {
            return new OpenLedger(directory, LogHome.of(directory).open(terminal));
        } catch (CommandFailure e) {
            throw CommandFailure.couldNotRun(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Appends a leaf and waits until it is durable and published.
     *
     * @throws IOException if the log does not take it, with the code; then nothing that it is about may be done
     */
    public void append(Leaf leaf) throws IOException {
        try {
            switch (opened.log().append(leaf.bytes())) {
                case Append.Accepted accepted -> {}
                case Append.Unpublished(long index, var why) -> throw refused(why.toString());
                case Append.Refused(var why) -> throw refused(why.toString());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the ledger was written", e);
        }
    }

    private IOException refused(String why) {
        return new IOException("the ledger " + directory + " did not take a record: " + why);
    }

    @Override
    public void close() throws IOException {
        opened.close();
    }
}
