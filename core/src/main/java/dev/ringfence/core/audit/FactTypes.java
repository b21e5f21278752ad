package dev.ringfence.core.audit;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.StructTypeReference;
import dev.ringfence.core.host.FactSchema;
import dev.ringfence.core.host.HostFacts;
import java.util.Optional;

/** The types of facts, as the expression checker knows them: a misspelt field is an error before anything runs. */
final class FactTypes implements CelTypeProvider {
    private final ImmutableMap<String, StructType> types;

    FactTypes() {
        ImmutableMap.Builder<String, StructType> builder = ImmutableMap.builder();
        for (FactSchema.Struct struct : FactSchema.reachable(HostFacts.class)) {
            ImmutableMap.Builder<String, CelType> fields = ImmutableMap.builder();
            struct.fields().forEach((name, field) -> fields.put(name, type(field.kind())));
            ImmutableMap<String, CelType> byName = fields.buildOrThrow();
            builder.put(
                    name(struct),
                    StructType.create(name(struct), byName.keySet(), field -> Optional.ofNullable(byName.get(field))));
        }
        types = builder.buildOrThrow();
    }

    @Override
    public ImmutableCollection<CelType> types() {
        return ImmutableList.copyOf(types.values());
    }

    @Override
    public Optional<CelType> findType(String typeName) {
        return Optional.ofNullable(types.get(typeName));
    }

    /** The type of a component, facts unwrapped. */
    static CelType type(FactSchema.Kind kind) {
        return switch (kind) {
            case FactSchema.Scalar scalar ->
                switch (scalar) {
                    case TEXT, INSTANT, CONSTANT -> SimpleType.STRING;
                    case NUMBER -> SimpleType.INT;
                    case FLAG -> SimpleType.BOOL;
                };
            case FactSchema.ListOf(FactSchema.Kind element) -> ListType.create(type(element));
            case FactSchema.MapOf(FactSchema.Kind element, boolean observable) ->
                MapType.create(SimpleType.STRING, type(element));
            case FactSchema.StructOf(Class<?> record) -> StructTypeReference.create(name(FactSchema.of(record)));
        };
    }

    private static String name(FactSchema.Struct struct) {
        return struct.type().getName();
    }
}
