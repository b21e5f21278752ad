package dev.ringfence.ledger.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP server with limits: connections, requests at a time, size of headers, and time for a request and a response.
 * Each request runs in a virtual thread. The limits of connections, headers and time are those of the JDK's server, which
 * reads them once for the process; whoever starts the process may set them as system properties.
 */
public final class BoundedServer implements AutoCloseable {
    /** Requests answered at a time; one more gets 503. */
    public static final int REQUESTS_LIMIT = 256;

    private static final int BACKLOG = 256;

    private static final int PATIENCE_SECONDS = 2;

    private final HttpServer server;
    private final ExecutorService threads;

    private BoundedServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Starts answering.
     *
     * @param address port 0 takes a free one
     * @throws IOException naming the address, if it cannot be listened on
     */
    public static BoundedServer start(InetSocketAddress address, HttpHandler handler) throws IOException {
        limit("jdk.httpserver.maxConnections", "1024");
        limit("sun.net.httpserver.maxIdleConnections", "512");
        limit("sun.net.httpserver.maxReqHeaders", "64");
        limit("sun.net.httpserver.maxReqHeaderSize", "32768");
        limit("sun.net.httpserver.maxReqTime", "20");
        limit("sun.net.httpserver.maxRspTime", "300");
        limit("sun.net.httpserver.nodelay", "true");
        HttpServer server;
        try {
            server = HttpServer.create(address, BACKLOG);
        } catch (IOException e) {
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
        Semaphore places = new Semaphore(REQUESTS_LIMIT);
        server.createContext("/", exchange -> answer(exchange, handler, places));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.start();
        return new BoundedServer(server, threads);
    }

    private static void limit(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static void answer(HttpExchange exchange, HttpHandler handler, Semaphore places) throws IOException {
        boolean place = places.tryAcquire();
        try (exchange) {
            if (place) {
                handler.handle(exchange);
            } else {
                exchange.getResponseHeaders().set("Retry-After", "1");
                text(exchange, 503, "too many requests at a time\n");
            }
        } finally {
            if (place) {
                places.release();
            }
        }
    }

    /** Answers with a short text that nobody keeps. */
    public static void text(HttpExchange exchange, int status, String text) throws IOException {
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        bytes(exchange, status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Answers with a body, or with its headers alone to HEAD. */
    public static void bytes(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        begin(exchange, status, type, body.length);
        if (!isHead(exchange)) {
            exchange.getResponseBody().write(body);
        }
    }

    /** Sends the headers of a body of this length, which the caller then writes unless it was a HEAD. */
    static void begin(HttpExchange exchange, int status, String type, long lengthBytes) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        if (isHead(exchange)) {
            exchange.getResponseHeaders().set("Content-Length", Long.toString(lengthBytes));
        }
        // The JDK's server takes -1 for no body, and 0 for one of unknown length.
        exchange.sendResponseHeaders(status, isHead(exchange) || lengthBytes == 0 ? -1 : lengthBytes);
    }

    static boolean isHead(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("HEAD");
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Takes no more requests, and waits a few seconds for those that are being answered: they may be writing. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
        boolean interrupted = false;
        try {
            if (!threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException _) {
            threads.shutdownNow();
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
