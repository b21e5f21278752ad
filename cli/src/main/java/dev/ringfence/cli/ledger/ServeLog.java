package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Terminal;
import dev.ringfence.ledger.http.BoundedServer;
import dev.ringfence.ledger.http.LogSite;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Serves a log. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Serve a log as static files (C2SP tlog-tiles) until stopped. Reads only; needs no key.",
        footer = {
            "",
            "Exit status: 0 interrupted, 1 it is no log, 2 usage, 3 could not listen.",
            "Speaks HTTP without TLS: put it behind what speaks TLS. Any web server or bucket can serve the",
            "directory as well, but only this one hides what no checkpoint covers yet.",
            "",
            "Examples:",
            "  ringfence ledger serve /var/lib/ledger --listen 127.0.0.1:8080",
            "  ringfence ledger serve /var/lib/ledger --listen 127.0.0.1:0     a free port, which it prints"
        })
final class ServeLog implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", description = "The log.")
    private Path directory = Path.of("");

    @Option(names = "--listen", required = true, paramLabel = "ADDR", description = "Address and port.")
    private String listen = "";

    ServeLog(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        InetSocketAddress address = ListenAddress.parse(listen);
        String origin = Inputs.checkpoint(directory).checkpoint().origin();
        try (BoundedServer server = BoundedServer.start(address, new LogSite(directory))) {
            terminal.out().println("serving " + origin + " at " + ListenAddress.url(server.address()));
            terminal.out().flush();
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitStatus.CLEAN;
    }
}
