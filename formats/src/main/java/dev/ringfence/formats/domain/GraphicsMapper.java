package dev.ringfence.formats.domain;

/** {@code <graphics>} and {@code <video>}. */
final class GraphicsMapper {
    private GraphicsMapper() {}

    static Graphics graphics(XmlElement g) {
        return new Graphics(
                g.attr("type"),
                g.number("port"),
                g.number("tlsPort"),
                g.attr("autoport"),
                g.number("websocket"),
                g.attr("listen"),
                g.map(
                        "listen",
                        l -> new Graphics.GraphicsListen(
                                l.attr("type"), l.attr("address"), l.attr("network"), l.attr("socket"))),
                g.attr("socket"),
                g.attributes().containsKey("passwd"),
                g.attr("passwdValidTo"),
                g.attr("connected"),
                g.attr("username"),
                g.attr("keymap"),
                g.attr("sharePolicy"),
                g.attr("powerControl"),
                g.attr("defaultMode"),
                g.map("channel", c -> new Graphics.GraphicsChannel(c.attr("name"), c.attr("mode"))),
                g.attrOf("image", "compression"),
                g.attrOf("streaming", "mode"),
                g.attrOf("clipboard", "copypaste"),
                g.attrOf("filetransfer", "enable"),
                g.attrOf("mouse", "mode"),
                g.attrOf("gl", "enable"),
                g.attrOf("gl", "rendernode"),
                g.attr("multiUser"),
                g.attr("replaceUser"),
                g.attr("display"),
                g.attr("p2p"),
                g.attr("address"),
                g.numberOf("audio", "id"));
    }

    static Video video(XmlElement v) {
        XmlElement model = v.child("model");
        return new Video(
                model.attr("type"),
                Numbers.sizeBytes(model.attr("vram"), "KiB"),
                model.number("heads"),
                model.attr("primary"),
                model.attr("blob"),
                model.attrOf("acceleration", "accel3d"),
                model.attrOf("acceleration", "rendernode"),
                v.attrOf("driver", "name"),
                v.attrOf("driver", "vgaconf"),
                DeviceMapper.virtio(v),
                DeviceMapper.alias(v),
                DeviceMapper.address(v));
    }
}
