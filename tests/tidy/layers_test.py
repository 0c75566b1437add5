# SPDX-License-Identifier: Apache-2.0
"""The order of the layers, on every #include."""

import re
from collections import defaultdict
from pathlib import PurePosixPath

import tree

LEVELS = (
    ("base",),
    ("calendar", "link", "seal"),
    ("profile",),
    ("reminder",),
    ("rules", "message", "adapt"),
    ("notify", "store"),
    ("planner", "scheduler", "dispatch"),
    ("api", "portal"),
    ("app",),
)
LEVEL_OF = {module: level for level, modules in enumerate(LEVELS) for module in modules}
SOURCES = (".cpp", ".hpp", ".h", ".c", ".inc")
HEADERS = (".hpp", ".h")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
# Libraries that cost seconds of compilation or must not leak through our interfaces.
HEAVY = re.compile(
    r"^(httplib\.h|pqxx/|pqxx$|libpq-fe\.h|boost/beast|"
    r"boost/asio/(awaitable|co_spawn|use_awaitable|experimental)|boost/asio\.hpp$)"
)


def includes(path):
    """(line number, quoted?, target) of a file's includes."""
    text = tree.without_comments(tree.text_of(path) or "")
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1) == '"', match.group(2)


def order(project):
    """A module may include itself and lower levels: never the same level, never upwards."""
    for path in project.files("daemon", suffixes=SOURCES):
        name = project.name(path)
        module = PurePosixPath(name).parts[1]
        if module not in LEVEL_OF:
            yield f"{name}: folder daemon/{module} is no module of the layer list"
            continue
        for number, _, target in includes(path):
            other = target.split("/")[0]
            if target.startswith(".") or target.startswith("daemon/"):
                yield f'{name}:{number}: "{target}" must be named from daemon/, as "module/file.hpp"'
            elif (
                "/" in target
                and other in LEVEL_OF
                and other != module
                and LEVEL_OF[other] >= LEVEL_OF[module]
            ):
                yield f"{name}:{number}: {module} includes {target}, which is not below it"


def plugins(project):
    """A plugin sees what an outsider sees: the installed headers, its own files, what plugins share in
    plugins/common, and the system."""
    root = (project.root / "plugins").resolve()
    for path in project.files("plugins", suffixes=SOURCES):
        name = project.name(path)
        own = [root / PurePosixPath(name).parts[1], root / "common"]
        for number, quoted, target in includes(path):
            found = next(
                (
                    p.resolve()
                    for p in (path.parent / target, root / "common" / target)
                    if p.exists()
                ),
                None,
            )
            if target.split("/")[0] in LEVEL_OF and "/" in target:
                yield f"{name}:{number}: a plugin includes {target} of the daemon"
            elif target.startswith("rappel/"):
                if not (root / "include" / target).exists():
                    yield f"{name}:{number}: {target} is not an installed header"
            elif (
                quoted
                and not target.endswith(".inc")
                and (found is None or not any(found.is_relative_to(folder) for folder in own))
            ):
                yield f"{name}:{number}: {target} is outside the plugin's own folder"


def graph(project):
    """file -> files it includes, inside daemon/, by project name."""
    edges = defaultdict(set)
    for path in project.files("daemon", suffixes=SOURCES):
        for _, _, target in includes(path):
            for found in (project.root / "daemon" / target, path.parent / target):
                if found.is_file():
                    edges[project.name(path)].add(project.name(found.resolve()))
                    break
    return edges


def cycles(project):
    """Two files that include each other are one concept in two pieces."""
    edges, state = graph(project), {}

    def walk(node, trail):
        state[node] = "open"
        for following in sorted(edges.get(node, ())):
            if state.get(following) == "open":
                loop = trail[trail.index(following) :] if following in trail else [node]
                yield f"{following}: includes itself through {' -> '.join(loop + [following])}"
            elif following not in state:
                yield from walk(following, trail + [following])
        state[node] = "done"

    for start in sorted(edges):
        if start not in state:
            yield from walk(start, [start])


def heavy(project):
    """httplib, Beast, coroutines and pqxx stay behind a pimpl: a header that needs one is private to
    its folder, so no other folder pays for compiling it or can come to depend on it."""
    edges, tainted = graph(project), {}
    for path in project.files("daemon", suffixes=HEADERS):
        for number, _, target in includes(path):
            if HEAVY.match(target):
                tainted[project.name(path)] = f"{project.name(path)}:{number} includes {target}"
    grown = True
    while grown:
        grown = False
        for name, targets in edges.items():
            for target in sorted(targets & tainted.keys()):
                if (
                    PurePosixPath(name).parent == PurePosixPath(target).parent
                    and name.endswith(HEADERS)
                    and name not in tainted
                ):
                    tainted[name] = tainted[target]
                    grown = True
    for name, targets in sorted(edges.items()):
        for target in sorted(targets & tainted.keys()):
            if PurePosixPath(name).parent != PurePosixPath(target).parent:
                yield f"{name}: includes {target} of another folder, and {tainted[target]}"


CHECKS = {"order": order, "plugins": plugins, "cycles": cycles, "heavy": heavy}
if __name__ == "__main__":
    tree.main(CHECKS)
