# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Configuring and building from any folder, as root or as an ordinary user. Needs say.sh.

shopt -s inherit_errexit
project_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)

# owned_by_us FOLDER
owned_by_us() { [ "$(stat -c %u "$1")" = "$(id -u)" ] && [ -w "$1" ]; }

# A folder that this user can write, tied to this copy of the sources.
private_build_folder() { # PRESET
  local copy home=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}
  copy=$(printf '%s' "$project_root" | sha256sum | cut -c1-12)
  if [ ! -d "${XDG_CACHE_HOME:-${HOME:-/nonexistent}}" ] || ! mkdir -p "$home/rappel" 2>/dev/null ||
    ! owned_by_us "$home/rappel"; then
    home=${TMPDIR:-/tmp}/rappel-build-$(id -u)
    [ -d "$home" ] || mkdir -m 0700 "$home"
    owned_by_us "$home" || fail "$home belongs to someone else; set RAPPEL_BUILD to a folder of yours"
    mkdir -p "$home/rappel"
  fi
  printf '%s/rappel/%s-%s' "$home" "$1" "$copy"
}

# build_folder PRESET: where this user builds. RAPPEL_BUILD wins; then build/PRESET, unless another user
# built there: mixing owners ends in files that one of them can no longer replace.
build_folder() {
  local folder=$project_root/build/$1 parent=$project_root/build
  if [ -n "${RAPPEL_BUILD:-}" ]; then
    printf '%s' "$RAPPEL_BUILD"
    return
  fi
  if [ -e "$folder" ] && ! owned_by_us "$folder" || [ -e "$parent" ] && ! owned_by_us "$parent" ||
     [ ! -w "$project_root" ]; then
    folder=$(private_build_folder "$1")
    note "build/ belongs to another user or is read-only: building in $folder" >&2
  fi
  printf '%s' "$folder"
}

# configure PRESET FOLDER [CMAKE ARGUMENTS]
configure() {
  local preset=$1 folder=$2 fresh=() known
  shift 2
  known=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$folder/CMakeCache.txt" 2>/dev/null || true)
  # A cache made for sources that were since moved or copied is refused by CMake.
  if [ -n "$known" ] && [ "$known" != "$project_root" ]; then
    fresh=(--fresh)
  fi
  if ! mkdir -p "$folder" 2>/dev/null || [ ! -w "$folder" ]; then
    fail "cannot write $folder"
  fi
  # ccache keeps its store in the home folder; an account without one gets a store beside the build.
  if [ -z "${CCACHE_DIR:-}" ] && ! [ -w "${HOME:-/nonexistent}" ]; then
    export CCACHE_DIR=$folder/ccache
  fi
  (cd "$project_root" && cmake "${fresh[@]}" --preset "$preset" -B "$folder" "$@")
}

# build FOLDER [TARGETS]: RAPPEL_JOBS compilers at once, by default one per processor.
build() {
  local folder=$1 targets=()
  shift
  [ $# -eq 0 ] || targets=(--target "$@")
  cmake --build "$folder" --parallel "${RAPPEL_JOBS:-$(nproc)}" "${targets[@]}"
}
