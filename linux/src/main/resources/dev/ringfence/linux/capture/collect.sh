#!/bin/sh
# Copies what Ringfence reads of a Linux host into a tar archive on standard output.
#
#   sudo sh collect.sh > host.tar.gz         then, on any machine:  ringfence audit --root host.tar.gz
#
# It needs a POSIX shell and the tools that every Debian, Red Hat or BusyBox system has. It changes nothing but a private
# temporary directory, which it removes. Run as another user than root, it notes what it was not allowed to read.
#
# These stay on the host: password hashes (the archive's /etc/shadow has only "set", "!" or nothing for each account),
# private keys, libvirt's secrets, the contents of guests' disks, and the values of options that hold a secret: each of
# their characters becomes an x. Scripts below /etc/libvirt/hooks are copied whole; they should hold no secrets.
#
# Beside the files, the archive holds the directory .ringfence:
#   index      what was looked at, one line each, fields between tabs: there, dangling, listed, absent, unread
#   stat       what "ls -ldn" says of files
#   labels     their SELinux labels, where the host has any
#   and what commands printed that no file tells

usage() {
  cat <<'END'
usage: sh collect.sh [--no-emulators] [-h] > host.tar.gz

Copies what Ringfence reads of this host into a tar archive on standard output.

  --no-emulators  leave out QEMU's programs and libraries, which are most of the archive's size
  -h              show this text

Exit status: 0 done, 1 nothing was written because of an error, 2 wrong usage.
END
}

# --- What is recorded -------------------------------------------------------------------------------------------------

say() { printf 'collect.sh: %s\n' "$1" >&2; }

fail() {
  say "$1"
  exit 1
}

listed() { printf 'listed\t%s\n' "$1" >&3; }
there() { printf 'there\t%s\n' "$1" >&3; }
dangling() { printf 'dangling\t%s\n' "$1" >&3; }
absent() { printf 'absent\t%s\n' "$1" >&3; }
unread() { printf 'unread\t%s\t%s\n' "$1" "$2" >&3; }

# Only names of printable ASCII fit into lines; others could forge some.
plain() {
  case $1 in
    *[!\ -~]* | *' -> '*) return 1 ;;
  esac
}

# Sets $path: on most systems /lib and its like are links into /usr, and everything is recorded below the real name.
real() {
  path=$1
  case $path in
    /lib/*) [ -z "$merged_lib" ] || path=/usr$path ;;
    /lib64/*) [ -z "$merged_lib64" ] || path=/usr$path ;;
    /bin/*) [ -z "$merged_bin" ] || path=/usr$path ;;
    /sbin/*) [ -z "$merged_sbin" ] || path=/usr$path ;;
    /var/run/*) [ -z "$merged_run" ] || path=${path#/var} ;;
  esac
}

# Why $1 cannot be read: the first part of the path that is not there, or the reason in $2.
missing() {
  at=
  rest=${1#/}
  case $hidden in
    *" /${rest%%/*} "*) return ;;
  esac
  while :; do
    next=$at/${rest%%/*}
    if [ ! -e "$next" ] && [ ! -L "$next" ]; then
      if [ -x "${at:-/}" ]; then absent "$next"; else unread "$next" 'Permission denied'; fi
      return
    fi
    case $rest in
      */*) at=$next rest=${rest#*/} ;;
      *) break ;;
    esac
  done
  unread "$1" "$2"
}

# Makes room for copies of files in these directories.
room() {
  for dir do
    shift
    [ -d "$tree$dir" ] || set -- "$@" "$tree$dir"
  done
  [ $# -eq 0 ] || mkdir -p "$@"
}

# --- Reading ----------------------------------------------------------------------------------------------------------

# What must not leave the host, whatever asks for it.
secret() {
  case $1 in
    /etc/shadow* | /etc/gshadow* | /etc/security/opasswd*) return 0 ;;
    /etc/libvirt/secrets/* | /etc/libvirt/passwd.db* | /etc/libvirt/auth.conf | /etc/sasldb2) return 0 ;;
    */ssh_host_*_key | */id_rsa | */id_dsa | */id_ecdsa | */id_ed25519 | *.keyring | *.keytab | *.p12 | *.pfx) return 0 ;;
    /proc/sys/*secret* | /proc/sys/*_key) return 0 ;;
    */chrony.keys | */ntp.keys | *.key) return 0 ;;
  esac
  return 1
}

# One byte more than the limit, so that what is too large is seen and taken out again.
copy() { $slow head -c "$((limit + 1))" "$1"; }

# take PATH...: copies regular files. Links are kept as links, and what they point to is taken as well.
take() {
  for file do
    links=0
    real "$file"
    file=$path
    while [ -L "$file" ] && plain "$file"; do
      links=$((links + 1))
      target=$(readlink "$file") || target=
      if [ "$links" -gt 20 ] || [ -z "$target" ] || [ -n "$own" ] || ! plain "$target"; then
        break
      fi
      room "${file%/*}"
      ln -s "$target" "$tree$file" 2>/dev/null
      printf '%s\n' "$file" >&4
      case $target in
        /*) file=$target ;;
        *) file=${file%/*}/$target ;;
      esac
      straight
    done
    take_file
  done
}

# Takes . and .. out of $file, as text; a link on the way would lead elsewhere, and then nothing is found, nothing wrong.
straight() {
  rest=$file/
  file=
  while [ -n "$rest" ]; do
    part=${rest%%/*}
    rest=${rest#*/}
    case $part in
      '' | .) ;;
      ..) file=${file%/*} ;;
      *) file=$file/$part ;;
    esac
  done
  real "$file"
  file=$path
}

take_file() {
  plain "$file" || return 0
  case $file in
    /proc/* | /sys/* | /dev/*) ;;
    *) if [ -e "$file" ] || [ -L "$file" ]; then printf '%s\n' "$file" >&4; fi ;;
  esac
  if secret "$file"; then
    [ -e "$file" ] || { missing "$file" 'No such file or directory'; return 0; }
    unread "$file" 'a secret, left on the host'
  elif [ -n "$own" ] && [ -L "$file" ]; then
    unread "$file" 'a link in a directory of a service, not followed'
  elif [ -f "$file" ] && [ -r "$file" ]; then
    room "${file%/*}"
    if ! $through "$file" >"$tree$file" 2>"$work/why"; then
      rm -f "$tree$file"
      why=
      IFS= read -r why <"$work/why"
      missing "$file" "${why##*: }"
    fi
  elif [ -f "$file" ]; then
    unread "$file" 'Permission denied'
  elif [ -d "$file" ]; then
    unread "$file" 'not a regular file but a directory'
  elif [ -e "$file" ]; then
    unread "$file" 'not a regular file'
  else
    missing "$file" 'No such file or directory'
  fi
}

# attrs DIRECTORY NAME...: texts of the kernel, by one program for all; for each its own would take most of the time.
# The shell could read them itself, but byte by byte, and files below /proc/sys end after the first.
attrs() {
  place=$1
  shift
  for attribute do
    shift
    file=$place/$attribute
    if [ -f "$file" ] && [ -r "$file" ] && ! secret "$file"; then
      set -- "$@" "$file"
    else
      take_file
    fi
  done
  [ $# -gt 0 ] || return 0
  room "$place"
  cp "$@" "$tree$place/" 2>/dev/null
  # What failed is read once more, to learn why.
  for file do
    [ -f "$tree$file" ] || take_file
  done
}

# entries DIRECTORY: records the names in it; fails where they cannot be had.
entries() {
  case $hidden in
    *" $1 "*) return 1 ;;
  esac
  if [ ! -d "$1" ]; then
    missing "$1" 'Not a directory'
    return 1
  fi
  if [ ! -r "$1" ] || [ ! -x "$1" ]; then
    unread "$1" 'Permission denied'
    return 1
  fi
  odd=
  for entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    [ -e "$entry" ] || [ -L "$entry" ] || continue
    if ! plain "$entry"; then
      odd=yes
    elif [ -e "$entry" ]; then
      there "$entry"
    else
      dangling "$entry"
    fi
  done
  # In the tree as well, so that an empty directory is one.
  room "$1"
  if [ -z "$odd" ]; then listed "$1"; else unread "$1" 'a name in it cannot be recorded'; fi
}

# list DIRECTORY...: the names alone.
list() {
  for directory do
    real "$directory"
    entries "$path" || :
  done
}

# look PATH...: what ls says of it, without its content. A pattern that matched nothing is left alone.
look() {
  for seen do
    real "$seen"
    if [ -e "$path" ]; then
      if plain "$path"; then
        there "$path"
        printf '%s\n' "$path" >&4
      fi
    elif [ -L "$path" ]; then
      if plain "$path"; then printf '%s\n' "$path" >&4; fi
    else
      case $path in
        *'*'*) ;;
        *) missing "$path" 'No such file or directory' ;;
      esac
    fi
  done
}

# look_in DIRECTORY...: the directory, its names, and what ls says of each.
look_in() {
  for directory do
    look "$directory"
    real "$directory"
    directory=$path
    entries "$directory" || continue
    look "$directory"/* "$directory"/.[!.]*
  done
}

# take_in DIRECTORY [SUFFIX...]: the same, and the files in it whose names end so; all files where no suffix is given.
take_in() {
  look_in "$1"
  inside=$directory
  shift
  suffixes=" $* "
  for inner in "$inside"/* "$inside"/.[!.]*; do
    [ -f "$inner" ] || [ -L "$inner" ] || continue
    case $suffixes in
      '  ' | *" ${inner##*.} "*) take "$inner" ;;
    esac
  done
}

# take_below DIRECTORY DEPTH [SUFFIX...]: the same, with the directories in it.
take_below() {
  level=$1
  depth=$2
  shift 2
  while [ -n "$level" ]; do
    deeper=
    while IFS= read -r place; do
      take_in "$place" "$@"
      for entry in "$inside"/*; do
        if [ -d "$entry" ] && [ ! -L "$entry" ] && plain "$entry"; then
          deeper="$deeper${deeper:+$newline}$entry"
        fi
      done
    done <<END
$level
END
    depth=$((depth - 1))
    [ "$depth" -gt 0 ] || break
    level=$deeper
  done
}

# attrs_in DIRECTORY: the names in a directory of the kernel's, and its texts.
attrs_in() {
  entries "$1" || return 0
  place=$1
  set --
  for file in "$place"/*; do
    if [ -f "$file" ]; then set -- "$@" "${file##*/}"; fi
  done
  attrs "$place" "$@"
}

# ask NAME COMMAND...: what a command prints that only asks.
ask() {
  answer=$1
  shift
  if ! command -v "$1" >/dev/null 2>&1; then
    absent "/.ringfence/$answer"
  elif $patient "$@" >"$meta/$answer" 2>/dev/null; then
    :
  else
    status=$?
    rm -f "$meta/$answer"
    unread "/.ringfence/$answer" "$1 failed with status $status"
  fi
}

# --- Leaving secrets out ----------------------------------------------------------------------------------------------

# A filter reads whole files only: a cut one could end inside a secret that is known by what follows it.
filtered() {
  [ "$have_awk" ] || { echo 'awk: not there to leave secrets out' >&2; return 1; }
  size=$(head -c "$((limit + 1))" "$1" | wc -c) || return 1
  [ "$size" -le "$limit" ] || { echo "size: larger than $limit bytes" >&2; return 1; }
  $slow awk -v mode="$mode" "$redaction" <"$1"
}

# Options of nova and its like: comments go, secrets and passwords in URLs become x of the same length.
oslo() { mode=oslo; filtered "$1"; }

# libvirt's own files: *_password.
libvirt() { mode=libvirt; filtered "$1"; }

# Domain XML: the passwords of consoles.
xml() { mode=xml; filtered "$1"; }

# rsyslog's: the logins of databases and services that logs are sent to.
rsyslog() { mode=rsyslog; filtered "$1"; }

# Others: passwords in URLs.
login() { mode=login; filtered "$1"; }

# Of SASL's and of ntpd's only the lines that matter; others may hold passwords.
mechanisms() { head -c "$limit" "$1" | sed -n '/^[[:space:]]*mech_list/p'; }
sources() { head -c "$limit" "$1" | sed -n '/^[[:space:]]*\(server\|pool\|peer\|includefile\)[[:space:]]/p'; }

# Certificates and revocation lists, without the private keys that may stand in the same file.
certificates() {
  head -c "$limit" "$1" | sed -n \
    -e '/-----BEGIN.*PRIVATE KEY/,/-----END.*PRIVATE KEY/d' \
    -e '/-----BEGIN CERTIFICATE-----/,/-----END CERTIFICATE-----/p' \
    -e '/-----BEGIN X509 CRL-----/,/-----END X509 CRL-----/p'
}

# Which names hold secrets is what the reports of Ringfence go by as well.
# shellcheck disable=SC2016
redaction='
function fill(text) { gsub(/[^\n]/, "x", text); return text }
function ends(text, end) { return length(text) >= length(end) && substr(text, length(text) - length(end) + 1) == end }
function issecret(key,  i, n, list) {
  key = tolower(key); gsub(/-/, "_", key)
  n = split("_file _path _dir _ttl _timeout _expiration _expiry _lifetime _length _size _uuid _type _driver _backend" \
    " _algorithm _provider _url _uri _security _cache_time _strategy _name _enabled _rounds _roles _method _methods", list, " ")
  for (i = 1; i <= n; i++) if (ends(key, list[i])) return 0
  if (key == "token" || key == "pass" || key == "pwd" || key == "kek") return 1
  n = split("password passwd passphrase secret _token fixed_key encryption_key access_key api_key auth_key private_key" \
    " signing_key credential community_string", list, " ")
  for (i = 1; i <= n; i++) if (index(key, list[i])) return 1
  return 0
}
function harmless(value) {
  value = tolower(value)
  return value == "" || value ~ /^(true|false|yes|no|on|off|0|1|none|<none>)$/
}
# scheme://user:password@host, several hosts included: from the first colon behind the scheme to the last @.
function withoutlogin(text,  scheme, rest, at, colon, i) {
  scheme = index(text, "://")
  if (!scheme) return text
  rest = substr(text, scheme + 3)
  for (i = length(rest); i > 0 && substr(rest, i, 1) != "@"; i--) ;
  colon = index(rest, ":")
  if (!i || !colon || colon > i) return text
  return substr(text, 1, scheme + 2) substr(rest, 1, colon) fill(substr(rest, colon + 1, i - colon - 1)) substr(rest, i)
}
function value(text, hidden,  body, before, after, quote) {
  match(text, /^[ \t]*/); before = substr(text, 1, RLENGTH); body = substr(text, RLENGTH + 1)
  match(body, /[ \t\r]*$/); after = substr(body, RSTART); body = substr(body, 1, RSTART - 1)
  quote = substr(body, 1, 1)
  if (length(body) > 1 && (quote == "\"" || quote == "\047") && substr(body, length(body)) == quote) {
    body = substr(body, 2, length(body) - 2)
    before = before quote; after = quote after
  }
  if (hidden && !harmless(body)) body = fill(body)
  else body = withoutlogin(body)
  return before body after
}
mode == "oslo" {
  # Its reader ends lines at these too; no line of ours may hide another.
  if ($0 ~ /\r./) { print "awk: a carriage return within a line" > "/dev/stderr"; exit 1 }
  if ($0 ~ /^[#;]/) { print "#"; next }
  if ($0 ~ /^[ \t]/) { print value($0, hiding); next }
  hiding = 0
  equal = index($0, "="); colon = index($0, ":")
  split_at = equal && (!colon || equal < colon) ? equal : colon
  if ($0 ~ /^\[/ || !split_at) { print; next }
  key = substr($0, 1, split_at - 1); gsub(/[ \t]/, "", key)
  hiding = issecret(key)
  print substr($0, 1, split_at) value(substr($0, split_at + 1), hiding)
  next
}
mode == "libvirt" {
  if ($0 ~ /^[ \t]*#/) { print "#"; next }
  if (match($0, /^[ \t]*[A-Za-z0-9_]*_password[ \t]*=/)) {
    start = substr($0, 1, RLENGTH); rest = substr($0, RLENGTH + 1)
    match(rest, /^[ \t]*/)
    start = start substr(rest, 1, RLENGTH); rest = substr(rest, RLENGTH + 1)
    if (rest ~ /^"""/) { print "awk: a password over several lines" > "/dev/stderr"; exit 1 }
    if (match(rest, /^"[^"]*"[ \t]*(#.*)?$/) || match(rest, /^\047[^\047]*\047[ \t]*(#.*)?$/)) {
      quote = substr(rest, 1, 1); rest = substr(rest, 2)
      rest = quote fill(substr(rest, 1, index(rest, quote) - 1)) quote
    }
    # In a form that libvirt would not take either: nothing of it is kept.
    else rest = fill(rest)
    print start rest
    next
  }
  print
  next
}
mode == "xml" {
  out = ""; rest = $0
  while (match(rest, /(^|[ \t])passwd[ \t]*=[ \t]*(\047[^\047]*\047|"[^"]*")/)) {
    word = substr(rest, RSTART, RLENGTH)
    out = out substr(rest, 1, RSTART - 1)
    rest = substr(rest, RSTART + RLENGTH)
    match(word, /=[ \t]*./)
    quote = RSTART + RLENGTH
    out = out substr(word, 1, quote - 1) fill(substr(word, quote, length(word) - quote)) substr(word, length(word))
  }
  print out rest
  next
}
# Logins of databases, and whatever text is sent along: it may name the account at a service.
mode == "rsyslog" {
  if ($0 ~ /^[ \t]*(#|\$[Tt][Ee][Mm][Pp][Ll][Aa][Tt][Ee])/ || ($0 ~ /:om[a-z0-9]+:/ && $0 !~ /:omrelp:/)) { print "#"; next }
  out = ""; rest = withoutlogin($0)
  while (match(rest, /[A-Za-z_.]+[ \t]*=[ \t]*"[^"]*"/)) {
    word = substr(rest, RSTART, RLENGTH)
    out = out substr(rest, 1, RSTART - 1)
    rest = substr(rest, RSTART + RLENGTH)
    key = word; sub(/[ \t]*=.*/, "", key); key = tolower(key)
    quote = index(word, "\"")
    if (key == "string" || key == "value" || key ~ /header/ || key ~ /token/ || key ~ /pass/ || key == "pwd" || key ~ /secret/ || key ~ /apikey/)
      word = substr(word, 1, quote) fill(substr(word, quote + 1, length(word) - quote - 1)) "\""
    out = out word
  }
  print out rest
  next
}
mode == "login" { print withoutlogin($0); next }
# One argument of QEMU on each line: the values of password=, passwd=, key= and data=, and of "data": in JSON.
mode == "arguments" {
  out = ""; rest = $0
  while (match(rest, /(^|[,:])(password|passwd|key|data)=[^,]*|"data"[ \t]*:[ \t]*"[^"]*"/)) {
    word = substr(rest, RSTART, RLENGTH)
    out = out substr(rest, 1, RSTART - 1)
    rest = substr(rest, RSTART + RLENGTH)
    if (substr(word, 1, 1) == "\"") {
      match(word, /"data"[ \t]*:[ \t]*"/)
      word = substr(word, 1, RLENGTH) fill(substr(word, RLENGTH + 1, length(word) - RLENGTH - 1)) "\""
    } else {
      at = index(word, "=")
      if (word !~ /=$/ && word !~ /=(on|off|yes|no)$/) word = substr(word, 1, at) fill(substr(word, at + 1))
    }
    out = out word
  }
  print out rest
}
'

# --- What is collected ------------------------------------------------------------------------------------------------

identity() {
  take /etc/os-release /usr/lib/os-release /etc/hostname /etc/machine-id
  look /lib /lib64 /bin /sbin /var/run
}

boot() {
  take /proc/cmdline /proc/modules /proc/swaps /proc/config.gz
  through=start
  take /proc/cpuinfo
  through=copy
  take /etc/default/grub /etc/kernel/cmdline
  take_in /etc/default/grub.d cfg
  list /boot
  release=$(uname -r)
  take "/boot/config-$release" "/lib/modules/$release/config"
  list /lib/modules
  for kernel in /lib/modules/*; do look "$kernel/vmlinuz"; done
  for place in /etc /run /usr/local/lib /lib; do take_in "$place/modprobe.d" conf; done
  take_in /usr/lib/modprobe.d conf
}

# The first processor's entry is enough; those of a large host are a megabyte.
start() { head -c 16384 "$1"; }

kernel_settings() {
  for group in crypto dev/tty fs kernel kernel/random kernel/yama user vm \
    net/bridge net/core net/ipv4 net/ipv4/conf/all net/ipv4/conf/default net/ipv6/conf/all net/ipv6/conf/default; do
    attrs_in "/proc/sys/$group"
  done
  if [ ! -f /proc/sys/kernel/arch ]; then
    room /proc/sys/kernel
    uname -m >"$tree/proc/sys/kernel/arch"
  fi
  look /proc/sys/net/ipv6
}

kernel_objects() {
  list /sys /sys/firmware /sys/class/iommu /sys/class/tpm /sys/kernel/security
  attrs_in /sys/devices/system/cpu/vulnerabilities
  attrs_in /sys/devices/system/cpu/smt
  attrs_in /sys/kernel/mm/ksm
  for module in apparmor kvm kvm_amd kvm_intel module vfio vfio_iommu_type1 vfio_pci vhost vhost_net; do
    attrs_in "/sys/module/$module/parameters"
  done
  attrs /sys/class/dmi/id bios_vendor bios_version bios_date
  take /sys/kernel/security/lsm /sys/kernel/security/lockdown /sys/kernel/security/apparmor/profiles
  for chip in /sys/class/tpm/tpm[0-9]*; do
    [ -d "$chip" ] || continue
    attrs "$chip" tpm_version_major
    look "$chip/caps" "$chip/device/caps" "/sys/kernel/security/${chip##*/}/binary_bios_measurements"
  done
  if [ -d /sys/firmware/efi ]; then
    list /sys/firmware/efi/efivars
    take /sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
    for name in MokSBState MokSBStateRT; do
      take "/sys/firmware/efi/efivars/$name-605dab50-e046-4300-abb6-3dd810dd8b23"
    done
  fi
  look /sys/fs/selinux
  attrs /sys/fs/selinux enforce
  attrs_in /sys/fs/selinux/booleans
}

devices() {
  functions=
  virtual=
  list /sys/kernel/iommu_groups /sys/bus/pci/devices
  for group in /sys/kernel/iommu_groups/*; do
    [ -d "$group" ] || continue
    attrs "$group" type
    list "$group/devices"
  done
  set --
  for function in /sys/bus/pci/devices/*; do [ ! -d "$function" ] || set -- "$@" "$function"; done
  room "$@"
  for function do
    attrs "$function" uevent reset_method sriov_numvfs
    [ -e "$function/reset_method" ] || look "$function/reset"
    if [ -f "$function/sriov_numvfs" ] && IFS= read -r functions <"$function/sriov_numvfs" && [ "$functions" != 0 ]; then
      virtual=yes
    fi
  done
  [ -z "$virtual" ] || ask ip-link.json ip -d -j link
}

# Below their places in /sys/devices, because partitions are found from their disks by way of "..".
block_devices() {
  list /sys/class/block
  for link in /sys/class/block/*; do
    cd -P "$link" 2>/dev/null || continue
    device=$PWD
    case $device in
      /sys/*) ;;
      *) continue ;;
    esac
    room "$device" /sys/class/block /sys/dev/block
    ln -s "$device" "$tree$link" 2>/dev/null
    if [ -f "$device/dev" ] && IFS= read -r number <"$device/dev"; then
      ln -s "$device" "$tree/sys/dev/block/$number" 2>/dev/null
    fi
    attrs "$device/dm" uuid name
    look "$device/loop/backing_file" "$device/partition"
    list "$device/slaves"
  done
  cd /
  look_in /dev/mapper
  take /proc/1/mountinfo /proc/self/mountinfo
}

network() {
  sockets='1p;/^ *[0-9]*: [0-9A-F]*:[0-9A-F]* [0-9A-F]*:[0-9A-F]* 0A /p'
  through=listening
  take /proc/net/tcp /proc/net/tcp6
  sockets='1p;/^ *[0-9]*: [0-9A-F]*:[0-9A-F]* [0-9A-F]*:[0-9A-F]* 07 /p'
  take /proc/net/udp /proc/net/udp6
  through=copy
  take /proc/net/ip_tables_names /proc/net/ip6_tables_names
  list /sys/class/net
  set --
  for interface in /sys/class/net/*; do [ ! -d "$interface" ] || set -- "$@" "$interface"; done
  room "$@"
  for interface in /sys/class/net/*; do
    attrs "$interface" flags uevent type tun_flags
    attrs "/proc/sys/net/ipv6/conf/${interface##*/}" disable_ipv6
    look "$interface/device" "$interface/master" "$interface/brport/bridge"
  done
  ask nft-ruleset.json nft -j -t list ruleset
  # Asking for a table that is not loaded would load it.
  if grep -q '^filter$' /proc/net/ip_tables_names 2>/dev/null; then
    ask iptables-legacy.txt iptables-legacy-save -t filter
  fi
  if grep -q '^filter$' /proc/net/ip6_tables_names 2>/dev/null; then
    ask ip6tables-legacy.txt ip6tables-legacy-save -t filter
  fi
}

# Sockets that wait, without the connections that there are.
listening() { sed -n "$sockets" "$1"; }

packages() {
  limit=$package_limit
  take /var/lib/dpkg/status
  limit=$file_limit
  list /var/lib/dpkg/info
  for entry in /var/lib/dpkg/info/*qemu*.list /var/lib/dpkg/info/*qemu*.md5sums; do
    [ ! -f "$entry" ] || take "$entry"
  done
  look /usr/lib/sysimage/rpm /var/lib/rpm/rpmdb.sqlite /var/lib/rpm/Packages
}

mandatory_access() {
  take /etc/selinux/config
  policy=$(sed -n 's/^[[:space:]]*SELINUXTYPE=[[:space:]]*"\{0,1\}\([A-Za-z0-9_-]*\).*/\1/p' /etc/selinux/config 2>/dev/null | head -n 1)
  for store in /var/lib/selinux /etc/selinux; do
    modules=$store/${policy:-none}/active/modules
    list "$modules"
    for priority in "$modules"/*; do [ ! -d "$priority" ] || list "$priority"; done
    look "$modules/disabled"
  done
  take /etc/apparmor.d/abstractions/libvirt-qemu /etc/apparmor.d/local/abstractions/libvirt-qemu
  take_in /etc/apparmor.d/abstractions/libvirt-qemu.d
  take_in /etc/apparmor.d/libvirt
}

services() {
  for place in /etc/systemd/system /run/systemd/system; do look_in "$place"; done
  list /run/systemd/generator.early /run/systemd/generator /run/systemd/generator.late /usr/local/lib/systemd/system \
    /usr/lib/systemd/system /lib/systemd/system
  for place in /etc/systemd/system /run/systemd/system /run/systemd/generator.early /run/systemd/generator \
    /run/systemd/generator.late /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
    for entry in "$place"/*.wants "$place"/*.requires "$place"/*.upholds; do
      [ ! -d "$entry" ] || list "$entry"
    done
  done
  list /etc/systemd/system/sockets.target.wants /run/systemd/system/sockets.target.wants \
    /usr/lib/systemd/system/sockets.target.wants /lib/systemd/system/sockets.target.wants
  for file_name in journald.conf timesyncd.conf journal-upload.conf; do
    for place in /etc /run /usr/local/lib /usr/lib /lib; do
      through=login
      take "$place/systemd/$file_name"
      take_in "$place/systemd/$file_name.d" conf
      through=copy
    done
  done
  take /etc/chrony.conf
  through=sources
  take /etc/ntp.conf /etc/ntpsec/ntp.conf
  through=copy
  take_below /etc/chrony 2 conf sources
  take_in /run/chrony-dhcp sources
  through=rsyslog
  take /etc/rsyslog.conf
  take_in /etc/rsyslog.d
  through=copy
  look /etc/syslog-ng/syslog-ng.conf /etc/fluent-bit/fluent-bit.conf /etc/td-agent/td-agent.conf \
    /etc/vector/vector.yaml /etc/vector/vector.toml /etc/filebeat/filebeat.yml
  take /etc/audit/auditd.conf /etc/audit/audit.rules
  take_in /etc/audit/rules.d rules
}

firmware() {
  take_in /etc/qemu/firmware json
  take_in /usr/share/qemu/firmware json
  take /etc/crypto-policies/state/current /etc/crypto-policies/config
}

accounts() {
  take /etc/passwd /etc/group
  look /etc/shadow
  # A file that says of each password what it is, in the place of the one that holds the hashes.
  if [ -r /etc/shadow ]; then
    room /etc
    while IFS=: read -r account hash _; do
      case $hash in
        '') printf '%s::\n' "$account" ;;
        '!'* | '*'*) printf '%s:!:\n' "$account" ;;
        *) printf '%s:set:\n' "$account" ;;
      esac
    done </etc/shadow >"$tree/etc/shadow"
  elif [ -e /etc/shadow ]; then
    unread /etc/shadow 'Permission denied'
  fi
  take /etc/sudoers /usr/etc/sudoers
  take_in /etc/sudoers.d
  take /etc/ssh/sshd_config /usr/etc/ssh/sshd_config
  look_in /etc/ssh
  take_in /etc/ssh/sshd_config.d
  take_in /usr/etc/ssh/sshd_config.d
  take_in /etc/crypto-policies/back-ends config
}

libvirt_files() {
  through=libvirt
  take_in /etc/libvirt conf
  through=xml
  take_in /etc/libvirt/qemu xml
  take_in /run/libvirt/qemu xml
  through=copy
  take_in /run/libvirt/qemu pid
  take_below /etc/libvirt/hooks 2
  for daemon in libvirtd virtqemud virtproxyd virtlogd virtlockd virtnetworkd virtstoraged virtsecretd virtnodedevd \
    virtnwfilterd virtinterfaced virtlxcd virtxend virtvboxd virtchd; do
    take "/etc/libvirt/$daemon.conf" "/etc/default/$daemon" "/etc/sysconfig/$daemon"
  done
  through=mechanisms
  take /etc/sasl2/libvirt.conf /etc/sasl/libvirt.conf
  through=copy
  take /etc/qemu/bridge.conf
  for place in /etc /run /usr/local/share /usr/share; do take_in "$place/polkit-1/rules.d" rules; done
  for place in /etc/polkit-1/localauthority /var/lib/polkit-1/localauthority; do take_below "$place" 2 pkla; done
  look /usr/bin/libvirtd /usr/bin/virtqemud /usr/sbin/libvirtd /usr/sbin/virtqemud
  through=certificates
  for place in CA libvirt qemu libvirt-vnc libvirt-spice libvirt-migrate libvirt-chardev libvirt-nbd libvirt-backup \
    libvirt-vxhs; do
    take_in "/etc/pki/$place" pem crt crl
  done
  while IFS= read -r place; do
    case $place in
      /*) if [ -d "$place" ]; then take_in "$place" pem crt crl; else take "$place"; fi ;;
    esac
  done <<END
$(sed -n -e 's/^[[:space:]]*[a-z_]*_x509_cert_dir[[:space:]]*=[[:space:]]*"\([^"]*\)".*/\1/p' \
    -e 's/^[[:space:]]*\(ca\|cert\|crl\)_file[[:space:]]*=[[:space:]]*"\([^"]*\)".*/\2/p' /etc/libvirt/*.conf 2>/dev/null)
END
  through=copy
}

openstack() {
  through=oslo
  take /usr/share/nova/nova-dist.conf /usr/share/neutron/neutron-dist.conf
  for service in nova neutron; do take_in "/etc/$service" conf ini; done
  for place in nova/nova.conf.d nova/nova-compute.conf.d neutron/neutron.conf.d neutron/plugins/ml2; do
    take_in "/etc/$place" conf ini
  done
  take /etc/nova/nova.conf /etc/nova/nova-compute.conf /etc/neutron/neutron.conf /etc/neutron/metadata_agent.ini \
    /etc/neutron/neutron_ovn_metadata_agent.ini
  for agent in openvswitch linuxbridge ovn sriov; do take "/etc/neutron/plugins/ml2/${agent}_agent.ini"; done
  for service in nova neutron cinder ceilometer manila ironic octavia zun; do
    take "/etc/$service/rootwrap.conf"
  done
  through=copy
  for service in nova neutron cinder ceilometer manila ironic octavia zun; do
    take "/etc/$service/policy.yaml" "/etc/$service/policy.json"
    take_in "/etc/$service/policy.d" yaml json
    take_in "/etc/$service/rootwrap.d"
    take_in "/usr/share/$service/rootwrap"
  done
  while IFS= read -r place; do
    [ -n "$place" ] || continue
    case $place in
      filters_path=/*) take_in "${place#*=}" ;;
      exec_dirs=/*) look "${place#*=}" ;;
    esac
  done <<END
$(for setting in filters_path exec_dirs; do
    sed -n "s/^[[:space:]]*${setting}[[:space:]]*=[[:space:]]*//p" /etc/*/rootwrap.conf 2>/dev/null |
      tr ',' '\n' | sed "s/^[[:space:]]*/$setting=/"
  done)
END
  nova_account
}

# The home of a service, which may hold links to whatever the service cannot read itself.
nova_account() {
  home=$(sed -n 's/^nova:[^:]*:[^:]*:[^:]*:[^:]*:\([^:]*\):.*/\1/p' /etc/passwd | head -n 1)
  home=${home:-/var/lib/nova}
  own=yes
  slow=$patient
  if [ -L "$home/.ssh" ]; then
    look "$home/.ssh"
    unread "$home/.ssh" 'a link in a directory of a service, not followed'
  else
    look_in "$home/.ssh"
    take "$home/.ssh/authorized_keys" "$home/.ssh/authorized_keys2" "$home/.ssh/config"
  fi
  own=
  slow=
}

# The files whose owner and mode matter, whatever they hold.
watched() {
  look /dev/kvm /dev/sev /dev/vhost-net /dev/vhost-vsock /dev/mem /dev/net/tun /dev/userfaultfd \
    /usr/libexec/qemu-bridge-helper /usr/bin/qemu-pr-helper /usr/libexec/qemu-pr-helper /usr/libexec/virtiofsd \
    /usr/bin/virtfs-proxy-helper /usr/libexec/virtfs-proxy-helper /usr/bin/swtpm /usr/bin/qemu-storage-daemon \
    /usr/lib/qemu/qemu-bridge-helper /usr/lib/qemu/virtiofsd /usr/lib/qemu/virtfs-proxy-helper \
    /usr/bin/qemu-system-* /usr/libexec/qemu-kvm /usr/bin/qemu-kvm /usr/bin/nova-compute /usr/libexec/vhost-user-* \
    /boot/grub/grub.cfg /boot/grub2/grub.cfg /run/docker.sock /etc/pki /etc/pki/CA /etc/pki/libvirt /run/libvirt \
    /etc/qemu /etc/libvirt/passwd.db /dev/hugepages/libvirt/qemu /var/lib/libvirt /var/lib/libvirt/boot \
    /var/lib/libvirt/qemu /var/lib/libvirt/qemu/ram /var/lib/libvirt/qemu/snapshot /var/lib/nova \
    /var/lib/nova/instances /var/cache/libvirt/qemu /var/log/libvirt /var/log/swtpm/libvirt/qemu \
    /etc/libvirt/qemu/autostart /etc/libvirt/qemu/networks /etc/libvirt/nwfilter /etc/libvirt/storage \
    /etc/nova/nova-compute.conf /etc/polkit-1/rules.d /etc/shadow /var/log/journal
  list /usr/bin /usr/libexec
  look_in /dev/vfio /usr/lib/qemu /usr/share/OVMF /usr/share/AAVMF /etc/libvirt/secrets /run/libvirt \
    /var/lib/libvirt/images /var/lib/libvirt/qemu/nvram /var/lib/libvirt/qemu/save /var/lib/libvirt/qemu/dump \
    /var/lib/libvirt/swtpm /var/log/libvirt/qemu /etc/pki/CA/private /etc/pki/libvirt/private /etc/ceph /var/log/nova \
    /var/log/neutron /etc/udev/rules.d
}

# From /proc: every process by name and owner; QEMU's in full; libvirt's daemons with their arguments.
processes() {
  if [ -e /proc/version ] && [ ! -r /proc/1/comm ]; then
    unread /proc 'processes of other users are hidden; run as root'
  else
    entries /proc || :
  fi
  set --
  for process in /proc/[0-9]*; do set -- "$@" "$process"; done
  room "$@"
  set --
  for process in /proc/[0-9]*; do set -- "$@" "$process/exe"; done
  ls -ldn$quiet "$@" /proc/1/ns/mnt /proc/2/ns/mnt 2>/dev/null >"$work/programs"
  take /proc/2/comm
  while IFS= read -r entry; do
    case $entry in
      */exe | */exe' -> '*) ;;
      *) continue ;;
    esac
    process=${entry#* /proc/}
    process=${process%%/*}
    case $entry in
      *' -> '*) program=${entry#* -> } ;;
      *)
        program=
        kernel_thread && continue
        ;;
    esac
    program=${program% (deleted)}
    case ${program##*/} in
      qemu-system-* | qemu-kvm) emulator ;;
      libvirtd | virt*d) cp "/proc/$process/comm" "/proc/$process/status" "/proc/$process/cmdline" "$tree/proc/$process/" ;;
      '') hidden_process ;;
      *)
        case $named_emulators in
          *" $program "*) emulator ;;
          *) cp "/proc/$process/comm" "/proc/$process/status" "$tree/proc/$process/" ;;
        esac
        ;;
    esac 2>/dev/null
    ls -ldn$quiet "/proc/$process/fd"/* 2>/dev/null >>"$work/descriptors"
  done <"$work/programs"
  {
    cat "$work/programs"
    sed -n '/ -> socket:\[[0-9]*]$/p' "$work/descriptors"
  } >>"$meta/stat"
}

# Whether it is one of the kernel's own, or is gone: PF_KTHREAD in the flags of proc(5).
kernel_thread() {
  IFS= read -r flags 2>/dev/null <"/proc/$process/stat" || return 0
  # shellcheck disable=SC2086
  set -- ${flags##*) }
  [ "$((${7:-0} & 2097152))" -ne 0 ]
}

# The program of another user's process cannot be seen by all; then the first argument stands for it.
hidden_process() {
  cp "/proc/$process/comm" "/proc/$process/status" "$tree/proc/$process/"
  IFS= read -r name <"/proc/$process/comm"
  case $name in
    libvirtd | virt*d | qemu-*) emulator ;;
    *)
      $patient cat "/proc/$process/cmdline" >"$work/arguments"
      tr '\000' '\n' <"$work/arguments" | head -n 1 | tr -d '\n' >"$tree/proc/$process/cmdline"
      ;;
  esac
}

emulator() {
  cp "/proc/$process/comm" "/proc/$process/status" "$tree/proc/$process/"
  take "/proc/$process/cgroup" "/proc/$process/limits"
  through='cat'
  take "/proc/$process/attr/current" "/proc/$process/attr/apparmor/current" "/proc/$process/attr/selinux/current"
  through=libraries_mapped
  take "/proc/$process/maps"
  through=arguments
  take "/proc/$process/cmdline"
  through=copy
  ls -ldn$quiet "/proc/$process/ns/mnt" >>"$meta/stat" 2>/dev/null
  [ -z "$program" ] || running="$running$program$newline"
}

# Without the addresses, which would tell an attacker where to aim.
libraries_mapped() { $patient sed -e 's/^[0-9a-f]*-[0-9a-f]* /0-0 /' "$1"; }

# One argument on a line while awk works; line breaks within one stand aside meanwhile.
arguments() {
  [ "$have_awk" ] || { echo 'awk: not there to leave secrets out' >&2; return 1; }
  # In time, because a process that hangs can make its reader hang.
  $patient cat "$1" >"$work/arguments" || return 1
  tr '\n\000' '\001\n' <"$work/arguments" | awk -v mode=arguments "$redaction" | tr '\n\001' '\000\n'
}

guests() {
  named_emulators=' '
  disks=
  for definition in /etc/libvirt/qemu/*.xml /run/libvirt/qemu/*.xml; do
    if [ ! -f "$definition" ] || [ ! -r "$definition" ]; then continue; fi
    while IFS= read -r found; do
      case $found in
        *'&'* | emulator=*[!A-Za-z0-9/._+-]*) ;;
        emulator=/*) named_emulators="$named_emulators${found#*=} " ;;
        disk=/*)
          case $newline$disks in
            *"$newline${found#*=}$newline"*) ;;
            *) disks="$disks${found#*=}$newline" ;;
          esac
          ;;
      esac
    done <<END
$(sed -n -e "s/.*<emulator>\([^<]*\)<.*/emulator=\1/p" \
      -e "s/.*<source .*\(file\|dev\|dir\)='\([^']*\)'.*/disk=\2/p" "$definition")
END
  done
}

# Of a disk only what tells its format, never what the guest wrote: see each case.
guest_disks() {
  while IFS= read -r disk; do
    if [ -z "$disk" ] || ! plain "$disk"; then continue; fi
    if ! $patient ls -ldn$quiet "$disk" >"$work/disk" 2>/dev/null; then
      missing "$disk" 'it did not answer in time'
      continue
    fi
    cat "$work/disk" >>"$meta/stat"
    if [ ! -f "$disk" ] || [ -e "$tree$disk" ]; then continue; fi
    if [ ! -r "$disk" ]; then
      unread "$disk" 'Permission denied'
      continue
    fi
    room "${disk%/*}"
    $patient head -c 65536 "$disk" >"$work/disk" 2>/dev/null || { unread "$disk" 'it did not answer in time'; continue; }
    disk_signature
  done <<END
$disks
END
}

disk_signature() {
  magic=$(head -c 8 "$work/disk" | od -An -tx1 | tr -d ' \n')
  vdi=$(dd if="$work/disk" bs=1 skip=64 count=4 2>/dev/null | od -An -tx1 | tr -d ' \n')
  iso=$(dd if="$work/disk" bs=1 skip=32769 count=5 2>/dev/null | od -An -tx1 | tr -d ' \n')
  case $magic in
    514649fb* | 51454400*)
      # qcow, qcow2, qed: the header and the names in it, 36 KiB at most.
      head -c 40960 "$work/disk" >"$tree$disk"
      ;;
    4b444d56* | 434f5744* | 636f6e6563746978 | 7668647866696c65)
      # VMDK, VPC, VHDX: one sector of the format's own.
      head -c 512 "$work/disk" >"$tree$disk"
      ;;
    4c554b53babe*)
      # LUKS: the name of the format, without its keys.
      head -c 8 "$work/disk" >"$tree$disk"
      ;;
    *)
      if [ "$vdi" = 7f10dabe ]; then
        head -c 512 "$work/disk" >"$tree$disk"
      elif head -c 4096 "$work/disk" | grep -q '^version=' 2>/dev/null; then
        # The text of a VMDK, or of something that passes for one.
        head -c 4096 "$work/disk" | sed -n '/^version=/q;s/^[[:space:]]*#.*/#/p;/^[[:space:]]*$/p' >"$tree$disk"
        echo 'version=1' >>"$tree$disk"
      elif [ "$iso" = 4344303031 ]; then
        dd if="$work/disk" of="$tree$disk" bs=2048 skip=16 seek=16 count=1 2>/dev/null
      else
        # A raw disk; nothing of it is kept.
        : >"$tree$disk"
      fi
      ;;
  esac
}

emulators() {
  take /etc/ld.so.conf
  take_in /etc/ld.so.conf.d conf
  case $(uname -m) in
    i?86) machine=i386 ;;
    ppc64le) machine=ppc64 ;;
    *) machine=$(uname -m) ;;
  esac
  programs=
  for program in "/usr/bin/qemu-system-$machine" /usr/libexec/qemu-kvm /usr/bin/qemu-kvm $named_emulators; do
    [ ! -f "$program" ] || programs="$programs$program$newline"
  done
  programs=$programs$running
  limit=$program_limit
  count=0
  while IFS= read -r program; do
    if [ ! -f "$program" ] || ! plain "$program" || [ -e "$tree$program" ]; then continue; fi
    if [ -z "$with_emulators" ]; then
      unread "$program" 'left out with --no-emulators'
      continue
    fi
    count=$((count + 1))
    [ "$count" -le 8 ] || { unread "$program" 'more than 8 emulators'; continue; }
    take "$program"
    needed "$program"
  done <<END
$programs
END
  limit=$file_limit
}

# The libraries that the loader would take. It is asked only of programs that root alone can change.
needed() {
  command -v ldd >/dev/null 2>&1 || return 0
  # shellcheck disable=SC2046
  set -- "$1" $(ls -ldn "$1" 2>/dev/null)
  case $2,$4 in
    -????-??-*,0) ;;
    *) return 0 ;;
  esac
  while IFS= read -r library; do
    [ -z "$library" ] || [ -e "$tree$library" ] || take "$library"
  done <<END
$($patient ldd "$1" 2>/dev/null | sed -n -e 's/.*=> \(\/[^ ]*\) (0x.*/\1/p' -e 's/^[[:space:]]*\(\/[^ ]*\) (0x.*/\1/p')
END
}

# --- Putting it together ----------------------------------------------------------------------------------------------

# What ls says of every path that was noted, a hundred at a time.
stat_all() {
  set --
  while IFS= read -r noted; do
    set -- "$@" "$noted"
    if [ $# -ge 100 ]; then
      ls -ldn$quiet "$@" 2>/dev/null
      [ -z "$labels" ] || ls -dZ$quiet "$@" 2>/dev/null >&5
      set --
    fi
  done
  if [ $# -gt 0 ]; then
    ls -ldn$quiet "$@" 2>/dev/null
    [ -z "$labels" ] || ls -dZ$quiet "$@" 2>/dev/null >&5
  fi
}

# Copies are made one byte longer than the limit where there is more; those are taken out again.
too_large() {
  find "$tree" -type f -size +"${file_limit}c" -print >"$work/large"
  while IFS= read -r large; do
    limit=$file_limit
    case $large in
      "$tree"/usr/*) limit=$program_limit ;;
      "$tree"/var/lib/dpkg/status) limit=$package_limit ;;
      "$meta"/*) continue ;;
    esac
    if [ "$(wc -c <"$large")" -gt "$limit" ]; then
      rm -f "$large"
      unread "${large#"$tree"}" "larger than $limit bytes"
    fi
  done <"$work/large"
}

within_limit() {
  # shellcheck disable=SC2046
  set -- $(du -sk "$tree")
  [ "$1" -le "$total_limit_kib" ] || fail "the copies grew beyond $((total_limit_kib >> 10)) MiB; nothing was written"
}

workplace() {
  # In memory where nothing else is asked for, so that copies never reach a disk.
  for base in "${TMPDIR:-/dev/shm}" /tmp /var/tmp; do
    if [ ! -d "$base" ] || [ ! -w "$base" ]; then continue; fi
    # Where df cannot tell, the directory has to do.
    # shellcheck disable=SC2046
    set -- $(df -Pk "$base" 2>/dev/null | tail -n 1)
    if [ "${4:-0}" -gt 0 ] 2>/dev/null && [ "$4" -lt 262144 ]; then continue; fi
    if command -v mktemp >/dev/null 2>&1; then
      work=$(mktemp -d "$base/ringfence.XXXXXXXX" 2>/dev/null) && return
    elif mkdir "$base/ringfence.$$" 2>/dev/null; then
      work=$base/ringfence.$$
      return
    fi
  done
  work=
  fail 'no temporary directory with 256 MiB free; set TMPDIR to one'
}

clean() {
  trap - EXIT
  [ -z "$work" ] || rm -rf "$work"
}

main() {
  with_emulators=yes
  for option do
    case $option in
      --no-emulators) with_emulators= ;;
      -h | --help) usage; return 0 ;;
      *) usage >&2; return 2 ;;
    esac
  done
  if [ -t 1 ]; then
    say 'the archive goes to standard output: add "> host.tar.gz"'
    return 2
  fi

  umask 077
  LC_ALL=C
  PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
  export LC_ALL PATH
  newline='
'
  file_limit=$((8 << 20))
  package_limit=$((32 << 20))
  program_limit=$((96 << 20))
  total_limit_kib=$((768 << 10))
  limit=$file_limit
  through=copy
  mode=
  own=
  slow=
  running=
  work=
  trap clean EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 141' PIPE
  trap 'exit 143' TERM
  workplace
  tree=$work/root
  meta=$tree/.ringfence
  mkdir "$tree" "$meta"
  exec 3>"$meta/index" 4>"$work/noted"
  cd / || fail 'cannot change to /'

  [ "$(echo ab | head -c 1 2>/dev/null)" = a ] || fail 'this host has no head(1) that knows -c; nothing was written'
  have_awk=
  if [ "$(echo a | awk '{ sub(/a/, "b"); print }' 2>/dev/null)" = b ]; then have_awk=yes; fi
  patient=
  if timeout 1 true 2>/dev/null; then patient='timeout 5'; fi
  quiet=
  if ls -q / >/dev/null 2>&1; then quiet=q; fi
  acl=no
  case $(ls --version 2>/dev/null) in
    *'GNU coreutils'*) acl=yes ;;
  esac
  labels=
  labelled=none
  if [ -e /sys/fs/selinux/enforce ]; then
    labelled=unseen
    if ls -dZ / >/dev/null 2>&1; then labels=yes labelled=yes; fi
  fi
  merged_lib=
  merged_lib64=
  merged_bin=
  merged_sbin=
  merged_run=
  case $(readlink /lib) in usr/lib | /usr/lib) merged_lib=yes ;; esac
  case $(readlink /lib64) in usr/lib64 | /usr/lib64) merged_lib64=yes ;; esac
  case $(readlink /bin) in usr/bin | /usr/bin) merged_bin=yes ;; esac
  case $(readlink /sbin) in usr/sbin | /usr/sbin) merged_sbin=yes ;; esac
  case $(readlink /var/run) in /run | ../run) merged_run=yes ;; esac
  printf 'capture\t1\nuid\t%s\nat\t%s\nacl\t%s\nlabels\t%s\n' "$(id -u)" "$(date +%s)" "$acl" "$labelled" >&3

  # In a container or a disk these may be empty, which says nothing of the kernel.
  hidden=' '
  for mounted in /proc/version /sys/kernel /dev/null; do
    if [ ! -e "$mounted" ]; then
      mounted=${mounted%/*}
      hidden="$hidden$mounted "
      unread "$mounted" 'not mounted where the collector ran'
    fi
  done

  identity
  boot
  kernel_settings
  kernel_objects
  devices
  block_devices
  network
  packages
  mandatory_access
  services
  firmware
  accounts
  libvirt_files
  openstack
  watched
  within_limit
  guests
  processes
  guest_disks
  emulators
  too_large
  within_limit

  # The links that stand for /lib and its like, so that what is asked for below them is found.
  [ -z "$merged_lib" ] || ln -s usr/lib "$tree/lib"
  [ -z "$merged_lib64" ] || ln -s usr/lib64 "$tree/lib64"
  [ -z "$merged_bin" ] || ln -s usr/bin "$tree/bin"
  [ -z "$merged_sbin" ] || ln -s usr/sbin "$tree/sbin"
  if [ -n "$merged_run" ]; then room /var && ln -s /run "$tree/var/run"; fi
  exec 4>&-
  if [ -n "$labels" ]; then exec 5>"$meta/labels"; fi
  stat_all <"$work/noted" >>"$meta/stat"
  exec 3>&-

  if command -v gzip >/dev/null 2>&1; then
    tar -cf - -C "$tree" . | gzip -1
  else
    tar -cf - -C "$tree" .
  fi
}

# Read whole before it runs, so that a transfer that breaks off runs nothing.
main "$@" </dev/null
