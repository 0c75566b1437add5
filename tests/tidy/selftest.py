# SPDX-License-Identifier: Apache-2.0
"""Proves that a tidy test can fail: plants violations in a copy of the project and expects each to be
found. `selftest.py TEST`, for example `selftest.py layers_test.py`. Needs no build.
"""

import importlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import tree
from plants import PLANTS

HERE = Path(__file__).resolve().parent


def copy_of_project(folder):
    project = tree.Tree(HERE.parents[1])
    for path in project.files():
        target = Path(folder) / project.name(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return Path(folder)


def planted(root, file, text):
    """Plants and returns what undoes it."""
    target = root / file
    before = target.read_bytes() if target.exists() else None
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("a", encoding="utf-8") as out:
        out.write(text)
    return lambda: target.unlink() if before is None else target.write_bytes(before)


def missed(test, root):
    """The plants of a test that were not found. One without an expectation prepares the next."""
    undo = []
    for check, file, text, expected in PLANTS[test]:
        undo.append(planted(root, file, text))
        if expected is None:
            continue
        answer = subprocess.run(
            (sys.executable, "-B", str(HERE / test), check, str(root)),
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONUTF8": "1"},
            timeout=120,
            check=False,
        )
        found = answer.returncode == 1 and expected in answer.stdout
        print(f"{'found ' if found else 'MISSED'} {check}: {file}: {expected}")
        if not found:
            yield f"{answer.stdout}{answer.stderr}"
        while undo:
            undo.pop()()


def main():
    test = sys.argv[1]
    unproven = set(importlib.import_module(test.removesuffix(".py")).CHECKS) - {
        p[0] for p in PLANTS[test]
    }
    if unproven:
        sys.exit(f"no violation is planted for {', '.join(sorted(unproven))}")
    with tempfile.TemporaryDirectory() as folder:
        answers = list(missed(test, copy_of_project(folder)))
    for answer in answers:
        print(answer)
    sys.exit(1 if answers else 0)


if __name__ == "__main__":
    main()
