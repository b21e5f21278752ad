package dev.ringfence.linux.probe;

import dev.ringfence.formats.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What becomes of a packet that no rule of a hook decides, from {@code nft -j list ruleset} (libnftables-json(5)): the
 * first rule without a condition decides, then the policy of the base chain. A packet must pass every base chain of its
 * hook, so one that drops is enough. Rules that jump to other chains are taken for conditions.
 */
final class FirewallPolicy {
    private final List<Chain> chains = new ArrayList<>();

    /** Whether the first rule without a condition drops, by chain. */
    private final Map<String, Boolean> decided = new HashMap<>();

    private boolean anything;

    private record Chain(String key, String family, String hook, boolean dropsByPolicy) {}

    private FirewallPolicy() {}

    static FirewallPolicy of(Json ruleset) {
        FirewallPolicy policy = new FirewallPolicy();
        for (Json entry : ruleset.member("nftables").map(Json::elements).orElse(List.of())) {
            entry.member("table").ifPresent(table -> policy.anything = true);
            entry.member("chain").ifPresent(policy::chain);
            entry.member("rule").ifPresent(policy::rule);
        }
        return policy;
    }

    /** Whether anything at all is loaded. */
    boolean anything() {
        return anything;
    }

    /** Whether the hook ({@code input}, {@code forward}) drops the rest for the family ({@code ip}, {@code ip6}). */
    boolean drops(String family, String hook) {
        return chains.stream()
                .filter(c -> c.hook().equals(hook)
                        && (c.family().equals("inet") || c.family().equals(family)))
                .anyMatch(c -> decided.getOrDefault(c.key(), c.dropsByPolicy()));
    }

    private void chain(Json chain) {
        if (chain.textOf("type").equals("filter")) {
            chains.add(new Chain(
                    key(chain, "name"),
                    chain.textOf("family"),
                    chain.textOf("hook"),
                    chain.textOf("policy").equals("drop")));
        }
    }

    private void rule(Json rule) {
        for (Json statement : rule.member("expr").map(Json::elements).orElse(List.of())) {
            boolean drops = statement.member("drop").isPresent()
                    || statement.member("reject").isPresent();
            if (drops || statement.member("accept").isPresent()) {
                decided.putIfAbsent(key(rule, "chain"), drops);
                return;
            }
            if (statement.member("counter").isEmpty() && statement.member("log").isEmpty()) {
                // A condition, or something else that may end the rule early.
                return;
            }
        }
    }

    private static String key(Json object, String name) {
        return object.textOf("family") + " " + object.textOf("table") + " " + object.textOf(name);
    }
}
