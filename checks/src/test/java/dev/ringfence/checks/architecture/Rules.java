package dev.ringfence.checks.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Every architecture rule by name. ARCHITECTURE.md gives the reasons. */
final class Rules {
    private static final String ROOT = "dev.ringfence.";

    /** Calls that no code of ours makes, with what to use instead. */
    private static final Map<String, String> FORBIDDEN = Map.ofEntries(
            Map.entry("java.lang.Thread.sleep", "wait for what you wait for; a test that sleeps is a test that lies"),
            Map.entry("java.lang.System.exit", "return an ExitStatus"),
            Map.entry("java.lang.Runtime.exec", "linux.Inquiry bounds time and output"),
            Map.entry("java.util.Date.<init>", "java.time.Instant"),
            Map.entry("java.util.Random.<init>", "SecureRandom, or testkit's seeded generator"),
            Map.entry("java.lang.Math.random", "SecureRandom, or testkit's seeded generator"),
            Map.entry("java.io.ObjectInputStream.<init>", "never deserialize; formats has parsers that refuse"),
            Map.entry("java.lang.Throwable.printStackTrace", "name object, cause and next step"),
            Map.entry("java.net.InetAddress.getByName", "InetAddress.ofLiteral: an audit never asks a name server"),
            Map.entry("java.io.File.<init>", "java.nio.file.Path"));

    /** Who may make a forbidden call, because it is what that class is for. */
    private static final Set<String> EXEMPT = Set.of(
            "dev.ringfence.cli.Progress java.lang.Thread.sleep",
            "dev.ringfence.cli.RingfenceMain java.lang.System.exit",
            "dev.ringfence.controls.CompileControls java.lang.System.exit",
            "dev.ringfence.ledger.AuditorMain java.lang.System.exit");

    private Rules() {}

    static Map<String, ArchRule> all() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put("formats uses the JDK alone", only("formats", "dev.ringfence.formats.."));
        rules.put("ledger uses the JDK alone", only("ledger", "dev.ringfence.ledger..", "com.sun.net.httpserver.."));
        rules.put(
                "ledger.fsck shares no code with the writer that it checks",
                only("ledger.fsck", "dev.ringfence.ledger.fsck.."));
        rules.put(
                "core sees formats and its short list of pure libraries",
                only(
                        "core",
                        "dev.ringfence.core..",
                        "dev.ringfence.formats..",
                        "dev.cel..",
                        "com.google.common..",
                        "com.google.protobuf..",
                        "com.google.re2j..",
                        "org.snakeyaml.."));
        rules.put(
                "linux sees core and formats",
                only("linux", "dev.ringfence.linux..", "dev.ringfence.core..", "dev.ringfence.formats.."));
        rules.put(
                "wire sees core, formats and Jackson",
                only(
                        "wire",
                        "dev.ringfence.wire..",
                        "dev.ringfence.core..",
                        "dev.ringfence.formats..",
                        "tools.jackson..",
                        "com.fasterxml.jackson.annotation.."));
        rules.put("core does no I/O", noInputOutput());
        rules.put("forbidden calls", forbiddenCalls());
        rules.put("no vague names", noVagueNames());
        rules.put(
                "no getters",
                noMethods()
                        .that()
                        .haveNameMatching("get[A-Z].*")
                        .and(not(overrides()))
                        .should()
                        .bePublic()
                        .allowEmptyShould(true));
        rules.put("no arrays in records", noArraysInRecords());
        rules.put("packages are null-marked", nullMarked());
        return rules;
    }

    private static ArchRule only(String floor, String... packages) {
        String[] allowed = new String[packages.length + 3];
        System.arraycopy(packages, 0, allowed, 0, packages.length);
        allowed[packages.length] = "java..";
        allowed[packages.length + 1] = "javax..";
        allowed[packages.length + 2] = "org.jspecify..";
        return classes()
                .that()
                .resideInAPackage(ROOT + floor + "..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed).or(primitive()))
                .because("a floor sees only lower floors, never a neighbour")
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaClass> primitive() {
        return DescribedPredicate.describe(
                "primitives and arrays",
                c -> c.isPrimitive() || c.isArray() || c.getPackageName().isEmpty());
    }

    private static ArchRule noInputOutput() {
        Set<String> harmless = Set.of(
                "java.io.IOException",
                "java.io.UncheckedIOException",
                "java.io.ByteArrayInputStream",
                "java.io.ByteArrayOutputStream",
                "java.io.DataInputStream",
                "java.io.DataOutputStream",
                "java.io.InputStream",
                "java.io.OutputStream",
                "java.io.Serializable",
                "java.net.InetAddress");
        return noClasses()
                .that()
                .resideInAPackage(ROOT + "core..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("java.io..", "java.nio.file..", "java.nio.channels..", "java.net..")
                                .or(type(ProcessBuilder.class))
                                .or(type(java.time.Clock.class))
                                .and(DescribedPredicate.describe("harmful", c -> !harmless.contains(c.getName()))))
                .orShould(callTime())
                .because("bytes, facts and instants come in, decisions go out")
                .allowEmptyShould(true);
    }

    private static ArchCondition<JavaClass> callTime() {
        return new ArchCondition<>("ask the clock or the environment") {
            private final Set<String> asks =
                    Set.of("java.time.Instant.now", "java.lang.System.getenv", "java.lang.System.currentTimeMillis");

            @Override
            public void check(JavaClass item, ConditionEvents events) {
                for (JavaAccess<?> access : item.getAccessesFromSelf()) {
                    boolean asked = asks.contains(target(access));
                    events.add(new SimpleConditionEvent(item, asked, access.getDescription()));
                }
            }
        };
    }

    private static String target(JavaAccess<?> access) {
        String name = access.getTarget() instanceof com.tngtech.archunit.core.domain.AccessTarget.ConstructorCallTarget
                ? "<init>"
                : access.getTarget().getName();
        return access.getTarget().getOwner().getName() + "." + name;
    }

    private static ArchRule forbiddenCalls() {
        return classes().should(new ArchCondition<>("make no forbidden call") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                String top = item.getName().replaceAll("\\$.*", "");
                for (JavaAccess<?> access : item.getAccessesFromSelf()) {
                    String target = target(access);
                    String instead = FORBIDDEN.get(target);
                    if (instead != null && !EXEMPT.contains(top + " " + target)) {
                        events.add(SimpleConditionEvent.violated(
                                item, access.getDescription() + ": use instead: " + instead));
                    }
                }
            }
        });
    }

    private static ArchRule noVagueNames() {
        return noClasses()
                .should()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .resideInAnyPackage("..util..", "..common..", "..helper..", "..service..");
    }

    private static DescribedPredicate<com.tngtech.archunit.core.domain.JavaMethod> overrides() {
        return DescribedPredicate.describe("overrides", method -> {
            Set<JavaClass> above = new HashSet<>(method.getOwner().getAllRawSuperclasses());
            above.addAll(method.getOwner().getAllRawInterfaces());
            for (JavaClass type : above) {
                if (type.getCodeUnits().stream().anyMatch(unit -> unit.getName().equals(method.getName()))) {
                    return true;
                }
            }
            return false;
        });
    }

    private static ArchRule noArraysInRecords() {
        return classes()
                .that()
                .areRecords()
                .should(new ArchCondition<>("hold no array") {
                    @Override
                    public void check(JavaClass item, ConditionEvents events) {
                        for (RecordComponent component : item.reflect().getRecordComponents()) {
                            if (component.getType().isArray()) {
                                events.add(SimpleConditionEvent.violated(
                                        item,
                                        item.getName() + "." + component.getName()
                                                + " is an array: mutable, and equal only to itself"));
                            }
                        }
                    }
                })
                .allowEmptyShould(true);
    }

    private static ArchRule nullMarked() {
        return classes().should(new ArchCondition<>("live in a null-marked package") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                if (!item.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked")) {
                    events.add(SimpleConditionEvent.violated(
                            item, item.getPackageName() + " has no package-info.java with @NullMarked"));
                }
            }
        });
    }
}
