# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Installing Debian packages without a question asked and without a service started. Needs say.sh.

# read_list FILE: the package names, without comments.
read_list() { sed 's/#.*//' "$1" | tr -s ' \t\n' '\n' | sed '/^$/d'; }

# missing_packages NAMES: those that are neither installed nor provided by an installed package (a
# nodejs from elsewhere brings npm, and refuses Debian's). Any architecture qualifier is dpkg's business.
missing_packages() {
  [ $# -gt 0 ] || return 0
  comm -23 <(printf '%s\n' "$@" | sort -u) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}, ${Provides}\n' |
      sed -n 's/^installed //p' | tr ',' '\n' | sed 's/^ *//; s/ .*//' | sort -u)
}

apt() { DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@"; }

# True when the package lists are absent or older than a day.
lists_are_old() {
  [ -z "$(find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' -mtime -1 -print -quit 2>/dev/null)" ]
}

# Packages start their services when installed. This project runs its own private servers, so for the
# length of the installation invoke-rc.d is told no, and PostgreSQL makes no cluster nobody asked for.
# A policy or a PostgreSQL that was there before stays as it was.
quiet_policy=/usr/sbin/policy-rc.d
quiet_cluster=/etc/postgresql-common/createcluster.d/rappel-setup.conf
quiet_made=()
quieten_services() {
  if [ ! -e "$quiet_policy" ]; then
    printf '#!/bin/sh\n# Made by packaging/setup for the length of one installation.\nexit 101\n' \
      >"$quiet_policy"
    chmod 0755 "$quiet_policy"
    quiet_made+=("$quiet_policy")
  fi
  if [ ! -e /usr/bin/pg_createcluster ]; then
    mkdir -p "${quiet_cluster%/*}"
    echo 'create_main_cluster = false' >"$quiet_cluster"
    quiet_made+=("$quiet_cluster")
  fi
}
restore_services() { [ "${#quiet_made[@]}" -eq 0 ] || rm -f "${quiet_made[@]}"; }

# apt_logged WHAT COMMAND...: one line per package set up; everything else only if it fails.
apt_logged() {
  local what=$1 log
  shift
  log=$(mktemp)
  if "$@" 2>&1 | tee "$log" | awk '/^Setting up /{n++; printf "   %3d %s\n", n, $3; fflush()}'; then
    rm -f "$log"
    return 0
  fi
  tail -n 40 "$log" >&2
  rm -f "$log"
  note "$what failed" >&2
  return 1
}

# install_packages NAMES: as root. One update when the lists are old, or when the first try fails.
install_packages() {
  local updated=''
  trap restore_services EXIT
  trap 'exit 130' INT TERM
  if lists_are_old; then
    note "apt-get update"
    apt_logged "apt-get update" apt -qq update || fail "the package lists could not be fetched"
    updated=1
  fi
  quieten_services
  if ! apt_logged "apt-get install" apt -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends "$@"; then
    [ -z "$updated" ] || fail "apt-get could not install: $*"
    note "apt-get update, then once more"
    apt_logged "apt-get update" apt -qq update || fail "the package lists could not be fetched"
    apt_logged "apt-get install" apt -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends "$@" ||
      fail "apt-get could not install: $*"
  fi
}
