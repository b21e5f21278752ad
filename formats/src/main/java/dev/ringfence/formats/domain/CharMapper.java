package dev.ringfence.formats.domain;

import java.util.List;

/** Character devices, and the devices whose host side is one. */
final class CharMapper {
    private CharMapper() {}

    static CharDevice device(XmlElement c) {
        XmlElement target = c.child("target");
        return new CharDevice(
                c.attr("type"),
                c.attr("tty"),
                sources(c),
                c.attrOf("protocol", "type"),
                c.attrOf("log", "file"),
                c.attrOf("log", "append"),
                target.attr("type"),
                target.attrOf("model", "name"),
                target.attr("name"),
                target.attr("state"),
                target.attr("address"),
                target.attr("port"),
                DeviceMapper.alias(c),
                DeviceMapper.address(c));
    }

    static List<CharDevice.CharSource> sources(XmlElement parent) {
        return parent.map("source", CharMapper::source);
    }

    private static CharDevice.CharSource source(XmlElement s) {
        return new CharDevice.CharSource(
                s.attr("mode"),
                s.attr("path"),
                s.attr("host"),
                s.attr("service"),
                s.attr("channel"),
                s.attr("master"),
                s.attr("slave"),
                s.attr("append"),
                s.attr("tls"),
                s.attrOf("reconnect", "enabled"),
                s.attrOf("clipboard", "copypaste"),
                s.attrOf("mouse", "mode"),
                s.map("seclabel", DomainMapper::seclabel));
    }

    static Redirdev redirdev(XmlElement r) {
        return new Redirdev(
                r.attr("bus"),
                r.attr("type"),
                sources(r),
                r.attrOf("protocol", "type"),
                r.numberOf("boot", "order"),
                DeviceMapper.alias(r),
                DeviceMapper.address(r));
    }

    static Smartcard smartcard(XmlElement s) {
        return new Smartcard(
                s.attr("mode"),
                s.attr("type"),
                s.map("certificate", XmlElement::text),
                s.textOf("database"),
                sources(s),
                DeviceMapper.alias(s),
                DeviceMapper.address(s));
    }
}
