package dev.ringfence.cli;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Says on a terminal what is going on, once something takes longer than half a second. Silent elsewhere. Thread-safe.
 */
public final class Progress implements AutoCloseable {
    private static final long DELAY_MILLIS = 500;

    private final Terminal terminal;
    private final AtomicReference<String> step = new AtomicReference<>("");
    private final Thread thread;
    private boolean drawn;

    /** Starts waiting. */
    public Progress(Terminal terminal) {
        this.terminal = terminal;
        this.thread = Thread.ofPlatform().daemon().unstarted(this::draw);
        if (terminal.errIsTerminal()) {
            thread.start();
        }
    }

    /** What is being done now, such as {@code reading QEMU}. */
    public void step(String text) {
        step.set(text);
    }

    private void draw() {
        long start = System.nanoTime();
        try {
            Thread.sleep(DELAY_MILLIS);
            while (!Thread.interrupted()) {
                long seconds = (System.nanoTime() - start) / 1_000_000_000L;
                terminal.err().print("\r\u001b[K" + step.get() + " … " + (seconds > 0 ? seconds + " s" : ""));
                terminal.err().flush();
                drawn = true;
                Thread.sleep(DELAY_MILLIS / 2);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        if (terminal.errIsTerminal()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (drawn) {
                terminal.err().print("\r\u001b[K");
                terminal.err().flush();
            }
        }
    }
}
