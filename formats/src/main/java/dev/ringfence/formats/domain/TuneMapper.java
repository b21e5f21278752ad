package dev.ringfence.formats.domain;

import java.util.List;
import java.util.stream.Stream;

/** The resource limits of a domain. */
final class TuneMapper {
    private TuneMapper() {}

    static CpuTune cputune(XmlElement c) {
        return new CpuTune(
                c.textNumberOf("shares"),
                c.textNumberOf("period"),
                c.textNumberOf("quota"),
                c.textNumberOf("global_period"),
                c.textNumberOf("global_quota"),
                c.textNumberOf("emulator_period"),
                c.textNumberOf("emulator_quota"),
                c.textNumberOf("iothread_period"),
                c.textNumberOf("iothread_quota"),
                pins(c, "vcpupin", "vcpu"),
                c.attrOf("emulatorpin", "cpuset"),
                pins(c, "iothreadpin", "iothread"),
                Stream.of(
                                schedulers(c, "vcpusched", "vcpus"),
                                schedulers(c, "iothreadsched", "iothreads"),
                                schedulers(c, "emulatorsched", ""))
                        .flatMap(List::stream)
                        .toList());
    }

    private static List<CpuTune.Pin> pins(XmlElement c, String name, String id) {
        return c.map(name, p -> new CpuTune.Pin(p.attr(id), p.attr("cpuset")));
    }

    private static List<CpuTune.Scheduler> schedulers(XmlElement c, String name, String ids) {
        return c.map(name, s -> new CpuTune.Scheduler(name, s.attr(ids), s.attr("scheduler"), s.number("priority")));
    }

    static MemTune memtune(XmlElement m) {
        return new MemTune(
                m.sizeBytesOf("hard_limit", "KiB"),
                m.sizeBytesOf("soft_limit", "KiB"),
                m.sizeBytesOf("swap_hard_limit", "KiB"),
                m.sizeBytesOf("min_guarantee", "KiB"));
    }

    static BlkioTune blkiotune(XmlElement b) {
        return new BlkioTune(
                b.textNumberOf("weight"),
                b.map(
                        "device",
                        d -> new BlkioTune.Device(
                                d.textOf("path"),
                                d.textNumberOf("weight"),
                                d.textNumberOf("read_bytes_sec"),
                                d.textNumberOf("write_bytes_sec"),
                                d.textNumberOf("read_iops_sec"),
                                d.textNumberOf("write_iops_sec"))));
    }
}
