package dev.ringfence.ledger.merkle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The definitions of RFC 6962 section 2.1, word for word; roots are remembered. */
public final class NaiveTree implements TreeHashes {
    private final TreeHasher hasher = new TreeHasher();
    private final List<Hash> leaves;
    private final Map<Long, Hash> known = new HashMap<>();

    public NaiveTree(List<Hash> leaves) {
        this.leaves = List.copyOf(leaves);
    }

    public static NaiveTree of(int size) {
        TreeHasher hasher = new TreeHasher();
        List<Hash> leaves = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            leaves.add(hasher.leaf(("leaf " + i).getBytes(StandardCharsets.UTF_8)));
        }
        return new NaiveTree(leaves);
    }

    public Hash leaf(int index) {
        return leaves.get(index);
    }

    public Hash root(int size) {
        return root(0, size);
    }

    public Hash root(int from, int to) {
        int n = to - from;
        if (n == 0) {
            return TreeHasher.EMPTY_ROOT;
        }
        if (n == 1) {
            return leaves.get(from);
        }
        Hash root = known.get((long) from << 32 | to);
        if (root == null) {
            int k = split(n);
            root = hasher.node(root(from, from + k), root(from + k, to));
            known.put((long) from << 32 | to, root);
        }
        return root;
    }

    public List<Hash> path(int index, int from, int to) {
        int n = to - from;
        if (n == 1) {
            return List.of();
        }
        int k = split(n);
        List<Hash> out = new ArrayList<>();
        if (index < k) {
            out.addAll(path(index, from, from + k));
            out.add(root(from + k, to));
        } else {
            out.addAll(path(index - k, from + k, to));
            out.add(root(from, from + k));
        }
        return out;
    }

    public List<Hash> proof(int old, int size) {
        return subproof(old, 0, size, true);
    }

    private List<Hash> subproof(int m, int from, int to, boolean known) {
        int n = to - from;
        if (m == n) {
            return known ? List.of() : List.of(root(from, to));
        }
        int k = split(n);
        List<Hash> out = new ArrayList<>();
        if (m <= k) {
            out.addAll(subproof(m, from, from + k, known));
            out.add(root(from + k, to));
        } else {
            out.addAll(subproof(m - k, from + k, to, false));
            out.add(root(from, from + k));
        }
        return out;
    }

    @Override
    public Hash hash(int height, long index) {
        return root((int) (index << height), (int) ((index + 1) << height));
    }

    private static int split(int n) {
        int k = 1;
        while (2 * k < n) {
            k *= 2;
        }
        return k;
    }
}
