# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the scripts print: one line per step, colour only on a terminal.

if [ -t 1 ]; then
  say_bold=$'\e[1m' say_red=$'\e[31m' say_plain=$'\e[0m'
else
  say_bold='' say_red='' say_plain=''
fi

# say SENTENCE: a step that begins.
say() { printf '%s== %s%s\n' "$say_bold" "$*" "$say_plain"; }

# note SENTENCE: a detail of the step under way.
note() { printf '   %s\n' "$*"; }

# fail SENTENCE: says why on stderr and ends the script.
fail() {
  printf '%s%s: %s%s\n' "$say_red" "${0##*/}" "$*" "$say_plain" >&2
  exit 1
}
