package dev.ringfence.formats.rootwrap;

import java.util.List;

/**
 * One line of a {@code [Filters]} section: a command that an unprivileged service may run as another user.
 *
 * @param name of the filter, in lower case
 * @param filterClass {@code CommandFilter}, {@code RegExpFilter}, {@code PathFilter}, {@code EnvFilter}, {@code
 *     KillFilter}, {@code ReadFileFilter}, {@code IpFilter}, {@code IpNetnsExecFilter}, {@code ChainingRegExpFilter}, or
 *     a name that rootwrap does not know and skips
 * @param command what runs: for an {@code EnvFilter} the program behind the variables, for a {@code KillFilter} {@code
 *     /bin/kill}, for a {@code ReadFileFilter} {@code /bin/cat}
 * @param user the user that it runs as, {@code ""} when the line is too short
 * @param args what the class makes of the rest: patterns, paths, signals, or the file that may be read
 * @param env names of environment variables that the caller may set to any value, of an {@code EnvFilter}
 * @param line of the name, counted from 1
 */
public record Filter(
        String name, String filterClass, String command, String user, List<String> args, List<String> env, int line) {
    public Filter {
        args = List.copyOf(args);
        env = List.copyOf(env);
    }
}
