package dev.ringfence.ledger.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.ledger.Check;
import dev.ringfence.testkit.Fuzz;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Proofs against the definitions of RFC 6962, for every size, index and pair of sizes up to a few hundred. */
final class ProofTest {
    private static final int SIZES = 260;
    private static final NaiveTree TREE = NaiveTree.of(SIZES);

    @Test
    void frontierHasTheRootOfEverySize() throws IOException {
        Frontier frontier = new Frontier();
        for (int size = 0; size <= SIZES; size++) {
            assertThat(frontier.root()).as("size %d", size).isEqualTo(TREE.root(size));
            assertThat(Frontier.read(TREE, size).peaks()).isEqualTo(frontier.peaks());
            assertThat(Frontier.of(size, frontier.peaks()).root()).isEqualTo(frontier.root());
            if (size < SIZES) {
                frontier.append(TREE.leaf(size));
            }
        }
    }

    @Test
    void copyOfAFrontierGrowsAlone() {
        Frontier frontier = new Frontier();
        frontier.append(TREE.leaf(0));
        Frontier copy = frontier.copy();
        copy.append(TREE.leaf(1));
        assertThat(frontier.root()).isEqualTo(TREE.root(1));
        assertThat(copy.root()).isEqualTo(TREE.root(2));
    }

    @Test
    void refusesPeaksThatDoNotFitTheSize() {
        assertThatThrownBy(() -> Frontier.of(3, List.of(TREE.leaf(0)))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void inclusionProofIsThatOfTheDefinitionAndHolds() throws IOException {
        for (int size = 1; size <= SIZES; size++) {
            for (int index = 0; index < size; index++) {
                InclusionProof proof = InclusionProof.build(TREE, index, size);
                assertThat(proof.hashes()).isEqualTo(TREE.path(index, 0, size));
                assertThat(proof.verify(TREE.leaf(index), TREE.root(size))).isEqualTo(Check.holds());
            }
        }
    }

    @Test
    void inclusionProofHoldsForNothingElse() throws IOException {
        int sizes = 40;
        for (int size = 1; size <= sizes; size++) {
            for (int index = 0; index < size; index++) {
                List<Hash> hashes = InclusionProof.build(TREE, index, size).hashes();
                for (int other = -1; other <= size; other++) {
                    Check check = new InclusionProof(other, size, hashes).verify(TREE.leaf(index), TREE.root(size));
                    assertThat(check.equals(Check.holds())).isEqualTo(other == index);
                }
                Hash wrong = TREE.leaf((index + 1) % SIZES);
                assertThat(code(new InclusionProof(index, size, hashes).verify(wrong, TREE.root(size))))
                        .isEqualTo("RF-LDG-003");
                for (List<Hash> changed : changes(hashes)) {
                    assertThat(new InclusionProof(index, size, changed).verify(TREE.leaf(index), TREE.root(size)))
                            .isInstanceOf(Check.Fails.class);
                }
            }
        }
    }

    @Test
    void consistencyProofIsThatOfTheDefinitionAndHolds() throws IOException {
        for (int size = 1; size <= SIZES; size++) {
            for (int old = 1; old <= size; old++) {
                ConsistencyProof proof = ConsistencyProof.build(TREE, old, size);
                assertThat(proof.hashes()).isEqualTo(old == size ? List.of() : TREE.proof(old, size));
                assertThat(proof.verify(TREE.root(old), TREE.root(size))).isEqualTo(Check.holds());
            }
        }
    }

    @Test
    void consistencyProofHoldsForNothingElse() throws IOException {
        for (int size = 1; size <= 40; size++) {
            for (int old = 1; old < size; old++) {
                List<Hash> hashes = ConsistencyProof.build(TREE, old, size).hashes();
                Hash oldRoot = TREE.root(old);
                Hash newRoot = TREE.root(size);
                ConsistencyProof proof = new ConsistencyProof(old, size, hashes);
                assertThat(proof.verify(TREE.root(old + 1), newRoot)).isInstanceOf(Check.Fails.class);
                assertThat(proof.verify(oldRoot, TREE.root(size + 1))).isInstanceOf(Check.Fails.class);
                for (int other = -1; other <= size + 1; other++) {
                    Check check = new ConsistencyProof(other, size, hashes).verify(oldRoot, newRoot);
                    assertThat(check.equals(Check.holds())).isEqualTo(other == old);
                }
                for (List<Hash> changed : changes(hashes)) {
                    assertThat(new ConsistencyProof(old, size, changed).verify(oldRoot, newRoot))
                            .isInstanceOf(Check.Fails.class);
                }
            }
        }
    }

    @Test
    void emptyTreeIsAPrefixOfEveryTree() throws IOException {
        ConsistencyProof proof = ConsistencyProof.build(TREE, 0, 7);
        assertThat(proof.verify(TreeHasher.EMPTY_ROOT, TREE.root(7))).isEqualTo(Check.holds());
        assertThat(code(proof.verify(TREE.root(1), TREE.root(7)))).isEqualTo("RF-LDG-006");
        assertThat(code(new ConsistencyProof(0, 7, List.of(TREE.leaf(0))).verify(TreeHasher.EMPTY_ROOT, TREE.root(7))))
                .isEqualTo("RF-LDG-005");
    }

    @Test
    void equalSizesNeedEqualRoots() {
        ConsistencyProof proof = new ConsistencyProof(5, 5, List.of());
        assertThat(proof.verify(TREE.root(5), TREE.root(5))).isEqualTo(Check.holds());
        assertThat(code(proof.verify(TREE.root(5), TREE.root(6)))).isEqualTo("RF-LDG-007");
    }

    @Test
    void namesWhatIsWrong() {
        Hash hash = TREE.leaf(0);
        assertThat(code(new InclusionProof(-1, 5, List.of()).verify(hash, hash)))
                .isEqualTo("RF-LDG-001");
        assertThat(code(new InclusionProof(5, 5, List.of()).verify(hash, hash))).isEqualTo("RF-LDG-001");
        assertThat(code(new InclusionProof(0, 5, List.of()).verify(hash, hash))).isEqualTo("RF-LDG-002");
        assertThat(code(new ConsistencyProof(6, 5, List.of()).verify(hash, hash)))
                .isEqualTo("RF-LDG-004");
        assertThat(code(new ConsistencyProof(-1, 5, List.of()).verify(hash, hash)))
                .isEqualTo("RF-LDG-004");
        assertThat(code(new ConsistencyProof(3, 5, List.of()).verify(hash, hash)))
                .isEqualTo("RF-LDG-005");
    }

    @Test
    void verificationNeverThrowsForHostileNumbers() {
        RandomGenerator random = Fuzz.random(7);
        for (int i = 0; i < 20_000; i++) {
            long a = number(random);
            long b = number(random);
            List<Hash> hashes = new ArrayList<>();
            for (int n = random.nextInt(70); n > 0; n--) {
                hashes.add(TREE.leaf(random.nextInt(SIZES)));
            }
            Hash one = TREE.leaf(1);
            Hash two = TREE.leaf(2);
            assertThat(new InclusionProof(a, b, hashes).verify(one, two)).isInstanceOf(Check.Fails.class);
            // Equal sizes and an empty old tree ask nothing of the hashes but their absence.
            if (a != b && a != 0) {
                assertThat(new ConsistencyProof(a, b, hashes).verify(one, two)).isInstanceOf(Check.Fails.class);
            }
        }
    }

    @Test
    void refusesToBuildWhatDoesNotExist() {
        assertThatThrownBy(() -> InclusionProof.build(TREE, 5, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ConsistencyProof.build(TREE, 6, 5)).isInstanceOf(IllegalArgumentException.class);
    }

    private static long number(RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextInt(300);
            case 2 -> Long.MAX_VALUE - random.nextInt(3);
            default -> 1L << random.nextInt(64);
        };
    }

    private static List<List<Hash>> changes(List<Hash> hashes) {
        List<List<Hash>> changes = new ArrayList<>();
        List<Hash> longer = new ArrayList<>(hashes);
        longer.add(TREE.leaf(0));
        changes.add(longer);
        for (int i = 0; i < hashes.size(); i++) {
            List<Hash> shorter = new ArrayList<>(hashes);
            shorter.remove(i);
            changes.add(shorter);
            List<Hash> flipped = new ArrayList<>(hashes);
            byte[] bytes = hashes.get(i).bytes();
            bytes[i % 32] ^= (byte) (1 << (i % 8));
            flipped.set(i, Hash.of(bytes));
            changes.add(flipped);
        }
        return changes;
    }

    private static String code(Check check) {
        return check instanceof Check.Fails(var refusal) ? refusal.code() : "holds";
    }
}
