# SPDX-License-Identifier: Apache-2.0
"""The page of style, as far as a program can read it."""

import hashlib
import re
from collections import Counter

import tree

CODE = (".cpp", ".hpp", ".h", ".c", ".inc")
SCRIPTS = (".py", ".sh", ".cmake", ".sql", ".service", ".socket", ".timer", "CMakeLists.txt")

# Longer than the limit for a reason. A file that grows past its own figure is looked at again.
ALLOWED_LENGTH = {
    "daemon/scheduler/timer_wheel.hpp": (
        190,
        "the inner loop, in the header so that it is inlined",
    ),
    "plugins/include/rappel/plugin.h": (
        300,
        "the whole ABI on one page, for readers outside this project",
    ),
    "plugins/include/rappel/plugin.hpp": (300, "its C++ wrapper, header-only on purpose"),
}
# The edge: the loop's own steady clock, which times pauses and never dates anything.
CLOCK_READERS = ("daemon/base/", "daemon/app/asio_loop.cpp")
SOURCE_LINES_MAX = 400
HEADER_LINES_MAX = 150


def marked(path):
    """True when the file is of a kind that carries a licence line."""
    if path.name.endswith(CODE + SCRIPTS):
        return True
    return path.suffix == "" and (tree.text_of(path) or "").startswith("#!")


def licence(project):
    """A file copied out of the project still says what may be done with it."""
    for path in project.files():
        if not marked(path):
            continue
        lines = (tree.text_of(path) or "").splitlines()
        first = lines[1:2] if lines and lines[0].startswith("#!") else lines[:1]
        if not first or "SPDX-License-Identifier: Apache-2.0" not in first[0]:
            yield f"{project.name(path)}:1: the SPDX line comes first"


def lengths(project):
    """One concept per file: what does not fit on a few screens is more than one."""
    for path in project.files("daemon", "plugins", "tests", suffixes=CODE + (".py",)):
        name = project.name(path)
        header = name.endswith((".hpp", ".h")) and not name.startswith("tests/")
        limit, _ = ALLOWED_LENGTH.get(name, (HEADER_LINES_MAX if header else SOURCE_LINES_MAX, ""))
        length = len((tree.text_of(path) or "").splitlines())
        if length > limit:
            yield f"{name}:{length}: longer than {limit} lines"


def regex(project):
    """The standard library's matcher recurses on its input: a long line ends the process."""
    for path, number, _ in tree.grep(
        project,
        r"std::(basic_)?regex|#\s*include\s*<regex>",
        "daemon",
        "plugins",
        suffixes=CODE,
        comments=False,
    ):
        yield f"{project.name(path)}:{number}: std::regex"


def clock(project):
    """The clock is read once, at the edge, and the instant travels with the work."""
    reads = (
        r"\b(system|steady|high_resolution|utc)_clock::now|\bstd::time\s*\(|\bgettimeofday\s*\(|"
        r"\bclock_gettime\s*\(|\btime\s*\(\s*(nullptr|NULL|0)\s*\)"
    )
    for path, number, match in tree.grep(
        project, reads, "daemon", "plugins", suffixes=CODE, comments=False
    ):
        if not project.name(path).startswith(CLOCK_READERS):
            yield f"{project.name(path)}:{number}: {match.group(0)} outside daemon/base"


# Written in pieces, so that this page does not find itself.
UNFINISHED = (
    r"\bTO"
    r"DO\b|\bFIX"
    r"ME\b|\bXX"
    r"X\b|not impl"
    r"emented|\bst"
    r"ubs?\b|"
    r"placeholder impl"
    r"ementation|\bfor n"
    r"ow\b|\bdum"
    r"my\b"
)


def unfinished(project):
    """Work left open is written in an issue, where somebody looks for it."""
    for path, number, match in tree.grep(
        project,
        UNFINISHED,
        "daemon",
        "plugins",
        "schema",
        "packaging",
        "systemd",
        "tests",
        "cmake",
        ".ci",
    ):
        if path.suffix != ".md" and "/data/" not in project.name(path):
            yield f"{project.name(path)}:{number}: {match.group(0)}"


# Paths of one person's machine, and words (by digest) that say how a text was made, not what it says.
MACHINE_PATH = re.compile(r"(?<![\w/.~-])/(tm" r"p/[a-z]+/|wor" r"k/|roo" r"t/)")
FOREIGN = {
    "c857d09db23e6822",
    "c70eca6b0f88f44d",
    "7d3194f79e645c42",
    "60965168ce762e94",
    "487b91042c7cf27a",
    "cf07194ee232eb53",
}


def digest(word):
    return hashlib.sha256(word.lower().encode()).hexdigest()[:16]


def foreign(project):
    """The project speaks of itself alone, and runs in any folder."""
    known = {}
    for path in project.files():
        name = project.name(path)
        if re.match(r"tests/.*data/", name):
            continue
        for number, line in tree.numbered(path):
            found = MACHINE_PATH.search(line)
            if found:
                yield f"{name}:{number}: {found.group(0)}"
            for word in re.findall(r"[A-Za-z]+", line):
                if word not in known:
                    known[word] = digest(word) in FOREIGN
                if known[word]:
                    yield f"{name}:{number}: {word}"


# Where a moment is the subject of the test, not something waited for.
ALLOWED_PAUSES = {
    "tests/tidy/words_test.py": "names what it forbids",
    "tests/chaos/kill_test.py": "kills the daemon at a random instant",
}


def sleeps(project):
    """A test waits for a signal: a pause is too short on a slow machine and too long on a fast one."""
    pauses = (
        r"\bsleep_(for|until)\b|\busleep\s*\(|\bnanosleep\s*\(|\btime\.sleep\s*\(|^\s*sleep\s+[\d$]|"
        r"[;&|]\s*sleep\s+[\d$]"
    )
    for path, number, match in tree.grep(project, pauses, "tests"):
        if project.name(path) not in ALLOWED_PAUSES:
            yield f"{project.name(path)}:{number}: {match.group(0).strip()}"


def test_names(project):
    """A comma, semicolon or quote in a name splits it into entries that run nothing and pass."""
    for path in project.files("tests", suffixes=(".cpp",)):
        names = Counter()
        for number, line in tree.numbered(path):
            match = re.search(
                r'\bTEST_CASE(?:_TEMPLATE|_FIXTURE)?\s*\(.*?"((?:\\.|[^"\\])*)"', line
            )
            if not match:
                continue
            names[match.group(1)] += 1
            if re.search(r'[,;"\\]', match.group(1)):
                yield f"{project.name(path)}:{number}: comma, semicolon or quote in a test's name"
            if names[match.group(1)] > 1:
                yield f"{project.name(path)}:{number}: a second test of this name"


CHECKS = {
    "licence": licence,
    "lengths": lengths,
    "regex": regex,
    "clock": clock,
    "unfinished": unfinished,
    "foreign": foreign,
    "sleeps": sleeps,
    "test_names": test_names,
}
if __name__ == "__main__":
    tree.main(CHECKS)
