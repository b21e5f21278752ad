package dev.ringfence.linux.fix;

import dev.ringfence.formats.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@link Metadata} as the journal keeps it. */
final class MetadataJson {
    private MetadataJson() {}

    static Json.Members of(Metadata metadata) {
        Map<String, Json> attributes = new LinkedHashMap<>();
        metadata.attributes().forEach((name, value) -> attributes.put(name, new Json.Characters(value)));
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("uid", new Json.Numeral(String.valueOf(metadata.uid())));
        members.put("gid", new Json.Numeral(String.valueOf(metadata.gid())));
        members.put("mode", new Json.Numeral(String.valueOf(metadata.mode())));
        members.put("attributes", new Json.Members(attributes));
        return new Json.Members(members);
    }

    /** Empty when the value is not one that {@link #of} gave. */
    static Optional<Metadata> read(Json value) {
        OptionalLong uid = number(value, "uid");
        OptionalLong gid = number(value, "gid");
        OptionalLong mode = number(value, "mode");
        if (uid.isEmpty() || gid.isEmpty() || mode.isEmpty() || (mode.getAsLong() & ~07777L) != 0) {
            return Optional.empty();
        }
        SortedMap<String, String> attributes = new TreeMap<>();
        if (value.member("attributes").orElse(new Json.Nothing()) instanceof Json.Members members) {
            members.members()
                    .forEach((name, text) -> attributes.put(name, text.text().orElse("")));
        }
        return Optional.of(new Metadata(uid.getAsLong(), gid.getAsLong(), (int) mode.getAsLong(), attributes));
    }

    private static OptionalLong number(Json value, String name) {
        return value.member(name).map(Json::whole).orElse(OptionalLong.empty());
    }
}
