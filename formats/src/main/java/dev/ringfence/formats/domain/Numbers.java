package dev.ringfence.formats.domain;

/** Numbers and sizes as libvirt writes them. */
final class Numbers {
    private Numbers() {}

    /** A decimal or {@code 0x} hexadecimal number; -1 for anything else and for what does not fit 64 bits. */
    static long parse(String text) {
        String digits = text.strip();
        boolean hex = digits.startsWith("0x") || digits.startsWith("0X");
        boolean negative = !hex && digits.startsWith("-");
        int from = hex ? 2 : negative || digits.startsWith("+") ? 1 : 0;
        int radix = hex ? 16 : 10;
        // Most attributes are absent, so no exception may be the way to say so.
        long limit = hex ? -1L : Long.MAX_VALUE;
        long value = 0;
        for (int i = from; i < digits.length(); i++) {
            int digit = digits.charAt(i) < 128 ? Character.digit(digits.charAt(i), radix) : -1;
            if (digit < 0 || Long.compareUnsigned(value, Long.divideUnsigned(limit - digit, radix)) > 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        if (from == digits.length()) {
            return -1;
        }
        return negative ? -value : value;
    }

    /**
     * A size in bytes. The units are those of libvirt's {@code virScaleInteger}: {@code KB} is 1000, {@code K} and
     * {@code KiB} are 1024, in any case.
     */
    static long sizeBytes(String text, String unit) {
        long count = parse(text);
        long factor = factor(unit.strip());
        if (count < 0 || factor < 0) {
            return -1;
        }
        try {
            return Math.multiplyExact(count, factor);
        } catch (ArithmeticException tooLarge) {
            return -1;
        }
    }

    private static long factor(String unit) {
        if (unit.isEmpty()
                || unit.equalsIgnoreCase("b")
                || unit.equalsIgnoreCase("byte")
                || unit.equalsIgnoreCase("bytes")) {
            return 1;
        }
        int power = "kmgtpe".indexOf(Character.toLowerCase(unit.charAt(0))) + 1;
        if (power == 0) {
            return -1;
        }
        String rest = unit.substring(1);
        long base;
        if (rest.isEmpty() || rest.equalsIgnoreCase("iB")) {
            base = 1024;
        } else if (rest.equalsIgnoreCase("B")) {
            base = 1000;
        } else {
            return -1;
        }
        long factor = 1;
        for (int i = 0; i < power; i++) {
            factor *= base;
        }
        return factor;
    }

    /** A PCI address as the kernel writes it, {@code ""} when a part is missing or out of range. */
    static String pci(XmlElement address) {
        String written = address.attr("domain");
        long domain = written.isEmpty() ? 0 : parse(written);
        long bus = parse(address.attr("bus"));
        long slot = parse(address.attr("slot"));
        long function = parse(address.attr("function"));
        if (domain < 0 || domain > 0xffffffffL || bus < 0 || bus > 0xff || slot < 0 || slot > 0x1f) {
            return "";
        }
        if (function < 0 || function > 7) {
            return "";
        }
        return hex(domain, 4) + ":" + hex(bus, 2) + ":" + hex(slot, 2) + "." + function;
    }

    private static String hex(long value, int digits) {
        String text = Long.toHexString(value);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }
}
