# SPDX-License-Identifier: Apache-2.0
"""Pages name files that exist."""

import re
from urllib.parse import unquote

import tree

TOP_LEVEL = (
    "daemon",
    "templates",
    "schema",
    "plugins",
    "tests",
    "packaging",
    "systemd",
    "docs",
    "cmake",
    ".ci",
)
FENCE = re.compile(r"^\s*(```|~~~)")
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")


def pages(project):
    yield from (p for p in project.files() if p.suffix == ".md")


def prose(path):
    """(line number, line, fenced?) of a page."""
    fenced = False
    for number, line in tree.numbered(path):
        if FENCE.match(line):
            fenced = not fenced
            continue
        yield number, line, fenced


def paths_in(line, fenced):
    """Words that look like a path of this project. In a code block only the command counts: its
    arguments and the files it shows may be the reader's own."""
    if fenced:
        words = re.findall(r"^\s*(?:\$ |sudo )*(\S+)", line)
    else:
        words = [word for quoted in INLINE.findall(line) for word in quoted.split()]
    for word in words:
        word = re.sub(r"(:\d+)+$", "", word.strip("\"'(),;:")).removeprefix("./")
        if "/" in word and word.split("/")[0] in TOP_LEVEL and "…" not in word and "$" not in word:
            yield word


def named_paths(project):
    """A guide that names a folder that is gone costs its reader more than no guide."""
    for page in pages(project):
        for number, line, fenced in prose(page):
            for word in paths_in(line, fenced):
                # <name>, {name} and NAME stand for any name.
                wanted = re.sub(r"<[^>]*>|\{[^}]*\}|(?<=/)[A-Z_]+(?=/|$)", "*", word).rstrip("/")
                if not any(project.root.glob(wanted)):
                    yield f"{project.name(page)}:{number}: {word} does not exist"


def anchors(path):
    """The anchors of a page's headings, as the usual renderers make them."""
    made = set()
    for _, line, fenced in prose(path):
        if not fenced and line.startswith("#"):
            title = re.sub(r"[`*]", "", line.lstrip("#").strip()).lower()
            made.add(re.sub(r"[^\w\- ]", "", title).replace(" ", "-"))
    return made


def links(project):
    """A relative link leads somewhere, and to a heading that is there."""
    for page in pages(project):
        for number, line, fenced in prose(page):
            for target in LINK.findall(line) if not fenced else ():
                if re.match(r"[a-z][a-z0-9+.-]*:", target):
                    continue
                file, _, anchor = unquote(target).partition("#")
                found = (page.parent / file).resolve() if file else page
                if not found.exists():
                    yield f"{project.name(page)}:{number}: dead link {target}"
                elif anchor and found.suffix == ".md" and anchor not in anchors(found):
                    yield f"{project.name(page)}:{number}: no heading for {target}"


CHECKS = {"named_paths": named_paths, "links": links}
if __name__ == "__main__":
    tree.main(CHECKS)
