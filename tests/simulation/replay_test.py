# SPDX-License-Identifier: Apache-2.0
"""One seed, one run: in this process or another, and what a violation prints leads back to it."""

import re
import shlex
import subprocess
import sys

PROGRAM = sys.argv[1]
BUG = "drop on restart"


def play(*arguments):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def digests(text):
    return re.findall(r"^seed \d+ held: digest ([0-9a-f]{16})", text, re.MULTILINE)


def main():
    code, once = play("--seed", "7", "--seeds", "3", "--twice")
    assert code == 0, once
    _, again = play("--seed", "7", "--seeds", "3")
    assert len(digests(once)) == 3 and digests(once) == digests(again), (once, again)
    assert len(set(digests(once))) == 3, "other seeds must go other ways"

    code, broken = play("--plant", BUG, "--seeds", "200", "--quiet")
    assert code == 1, broken
    command = shlex.split(re.search(r"^replay: (.*)$", broken, re.MULTILINE).group(1))
    assert command[0] == "tests/simulation/run", command
    code, replayed = play(*command[1:])
    assert code == 1 and replayed == broken, (broken, replayed)
    assert "of all:" in broken and re.search(r"^  \d{4}-\d\d-\d\dT", broken, re.MULTILINE), broken


main()
