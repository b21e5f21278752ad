# Sourced: find_jdk sets JAVA_HOME to a JDK 25 and puts it first on PATH, or says in one line what to install.

jdk_is_25() {
  [ -x "$1/bin/javac" ] && grep -qs '^JAVA_VERSION="25[.+"]' "$1/release"
}

use_jdk() {
  JAVA_HOME=$1 PATH=$1/bin:$PATH
  export JAVA_HOME PATH
}

find_jdk() {
  if [ -n "${JAVA_HOME:-}" ] && jdk_is_25 "$JAVA_HOME"; then use_jdk "$JAVA_HOME"; return 0; fi
  on_path=$(command -v javac 2>/dev/null) && on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  for candidate in ${on_path:+"$on_path"} /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/25* /opt/jdk-25*; do
    if jdk_is_25 "$candidate"; then use_jdk "$candidate"; return 0; fi
  done
  echo "ringfence: no JDK 25 found in JAVA_HOME, on PATH or in /usr/lib/jvm; install one (such as Temurin 25: package temurin-25-jdk) or set JAVA_HOME" >&2
  return 1
}
