# Sourced by the benchmark scripts: where things are, and how a command is measured.
home=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd)
. "$home/bin/jdk.sh"
find_jdk || exit 3
. "$home/bin/dist.sh"
find_dist || exit 3
export RINGFENCE_DIST="$dist"

# need PACKAGE PROGRAM: installs a peer from Debian.
need() {
  command -v "$2" > /dev/null && return 0
  [ "$(id -u)" = 0 ] || { echo "bench: install Debian's package $1" >&2; exit 3; }
  DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends "$1" > /dev/null
}

# measure COMMAND...: runs it once with its output discarded; sets wall (s), cpu (s), rss (MiB) and status.
measure() {
  report=$(mktemp)
  status=0
  /usr/bin/time -f '%e %U %S %M' -o "$report" "$@" > /dev/null 2>&1 || status=$?
  read -r wall user system kib <<EOT
$(tail -n 1 "$report")
EOT
  cpu=$(awk "BEGIN { printf \"%.2f\", $user + $system }")
  rss=$(( kib / 1024 ))
  rm -f "$report"
}

# median NUMBERS...: the middle one.
median() {
  printf '%s\n' "$@" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# promise TEXT CONDITION: an awk condition that must hold.
promise() {
  if awk "BEGIN { exit !($2) }"; then echo "holds: $1"; else echo "BROKEN: $1"; broken=1; fi
}
broken=0
