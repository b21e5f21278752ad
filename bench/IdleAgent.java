import dev.ringfence.cli.RingfenceMain;
import dev.ringfence.cli.Terminal;
import java.util.Map;

/** A Ringfence process that has read its command line and does nothing. */
public final class IdleAgent {
    public static void main(String[] arguments) throws InterruptedException {
        RingfenceMain.run(Terminal.system(Map.of()), "watch", "--help");
        Thread.sleep(Long.parseLong(arguments[0]) * 1000);
    }
}
