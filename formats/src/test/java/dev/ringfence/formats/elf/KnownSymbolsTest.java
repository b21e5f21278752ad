package dev.ringfence.formats.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KnownSymbolsTest {
    private static KnownSymbols.@Nullable Known find(String name) {
        int state = KnownSymbols.START;
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        for (int i = bytes.length - 1; i >= 0; i--) {
            state = KnownSymbols.step(state, bytes[i]);
            if (state == KnownSymbols.NOWHERE) {
                return null;
            }
        }
        return KnownSymbols.at(state);
    }

    @Test
    void findsEachFunctionInBothForms() {
        for (String function : KnownSymbols.FORTIFIABLE) {
            KnownSymbols.Known plain = find(function);
            KnownSymbols.Known checked = find("__" + function + "_chk");
            assertThat(plain).isEqualTo(new KnownSymbols.Known(function, KnownSymbols.Meaning.UNFORTIFIED, function));
            assertThat(checked)
                    .isEqualTo(
                            new KnownSymbols.Known("__" + function + "_chk", KnownSymbols.Meaning.FORTIFIED, function));
        }
    }

    @Test
    void findsNothingElse() {
        for (String name : List.of("", "emcpy", "xmemcpy", "memcpyx", "__memcpy", "memcpy_chk", "_memcpy_chk", "é")) {
            assertThat(find(name)).as(name).isNull();
        }
    }

    @Test
    void listsEachFunctionOnceInOrder() {
        assertThat(KnownSymbols.FORTIFIABLE).isSorted().doesNotHaveDuplicates();
        List<String> both = new ArrayList<>(KnownSymbols.FORTIFIABLE);
        both.addAll(KnownSymbols.FORTIFIABLE_LATER);
        assertThat(both).doesNotHaveDuplicates();
    }
}
