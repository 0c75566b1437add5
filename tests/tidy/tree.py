# SPDX-License-Identifier: Apache-2.0
"""What the tidy tests share: the files of the project and a way to say what is wrong.

A check is a function that takes a Tree and yields findings, one sentence each, the file first.
"""

import os
import re
import sys
from pathlib import Path

NEVER_READ = {".git", "build", "node_modules", "__pycache__", ".cache"}


class Tree:
    """The files of one copy of the project, build folders left out."""

    def __init__(self, root):
        self.root = Path(root).resolve()

    def files(self, *folders, suffixes=()):
        for folder in folders or (".",):
            start = self.root / folder
            if start.is_file():
                yield start
                continue
            for path, names, files in os.walk(start):
                names[:] = sorted(n for n in names if not self._skipped(Path(path) / n))
                for name in sorted(files):
                    if name in NEVER_READ:  # in a worktree .git is a file
                        continue
                    if not suffixes or name.endswith(tuple(suffixes)):
                        yield Path(path) / name

    def name(self, path):
        return path.relative_to(self.root).as_posix()

    @staticmethod
    def _skipped(folder):
        return folder.name in NEVER_READ or (folder / "CMakeCache.txt").exists()


def text_of(path):
    """The text of a file, or None when it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError):
        return None


def numbered(path):
    for number, line in enumerate((text_of(path) or "").splitlines(), 1):
        yield number, line


def without_comments(text):
    """C++ text with its comments blanked and its line numbers and strings kept."""
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"([^()\s\\]{0,16})\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'',
        re.DOTALL,
    )

    def blank(match):
        found = match.group(0)
        return found if found[0] in "\"'R" else re.sub(r"[^\n]", " ", found)

    return pattern.sub(blank, text)


def grep(tree, pattern, *folders, suffixes=(), comments=True):
    """(file, line number, match) for each match of a pattern."""
    expression = re.compile(pattern)
    for path in tree.files(*folders, suffixes=suffixes):
        text = text_of(path)
        if text is None:
            continue
        if not comments:
            text = without_comments(text)
        for number, line in enumerate(text.splitlines(), 1):
            for match in expression.finditer(line):
                yield path, number, match


def main(checks):
    """`FILE CHECK [ROOT]`: prints what is wrong; exit code 1 when something is."""
    if len(sys.argv) < 2 or sys.argv[1] not in checks:
        sys.exit(f"usage: {sys.argv[0]} {'|'.join(checks)} [ROOT]")
    root = sys.argv[2] if len(sys.argv) > 2 else Path(__file__).resolve().parents[2]
    findings = list(checks[sys.argv[1]](Tree(root)))
    for finding in findings:
        print(finding)
    if findings:
        sys.exit(
            f"{len(findings)} finding{'s' if len(findings) > 1 else ''}. "
            f"Why: {' '.join((checks[sys.argv[1]].__doc__ or '').split())}"
        )
