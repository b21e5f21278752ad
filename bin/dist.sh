# Sourced, with $home set: find_dist sets $dist to a build of the command that is not older than its sources, and builds when
# there is none. ./check leaves one in cli/target/dist; the launcher's own is apart, because it was not analysed.

fresh() {
  [ -f "$1/built" ] && [ -z "$(find "$home/pom.xml" "$home"/*/pom.xml "$home"/*/src/main "$home"/controls/*.yaml \
    -type f -newer "$1/built" -print 2>/dev/null | head -n 1)" ]
}

find_dist() {
  dist=${RINGFENCE_DIST:-}
  [ -z "$dist" ] || return 0
  for dist in "$home/cli/target/dist" "$home/cli/target/quick/dist"; do
    if fresh "$dist"; then return 0; fi
  done
  "$home/bin/build" >&2
}
