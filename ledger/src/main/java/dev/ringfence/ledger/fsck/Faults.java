package dev.ringfence.ledger.fsck;

import java.util.ArrayList;
import java.util.List;

/** What was found wrong so far, up to a limit. */
final class Faults {
    private final List<Fault> faults = new ArrayList<>();

    void add(String code, String file, long offsetBytes, String reason) {
        if (!isFull()) {
            faults.add(new Fault(code, file, offsetBytes, reason));
        }
    }

    boolean isFull() {
        return faults.size() >= Fsck.FAULT_LIMIT;
    }

    List<Fault> list() {
        return faults;
    }
}
