# SPDX-License-Identifier: Apache-2.0
"""Log messages and the page that explains them."""

import re
from collections import defaultdict

import tree

CODE = (".cpp", ".hpp", ".h", ".c")
PAGE = "docs/MESSAGES.md"


def ids_in_code(project):
    """id -> the places that write it."""
    places = defaultdict(list)
    for path, number, match in tree.grep(
        project, r'"[^"]*?\b(RPL-\d{4})\b', "daemon", "plugins", suffixes=CODE, comments=False
    ):
        places[match.group(1)].append(f"{project.name(path)}:{number}")
    return places


def unique(project):
    """An operator who searches for an id finds one place."""
    for name, places in sorted(ids_in_code(project).items()):
        for place in places[1:]:
            yield f"{place}: {name} is already written at {places[0]}"


def explained(project):
    """Each id has a row that says what happened and what to do, and each row an id."""
    rows = {}
    for number, line in tree.numbered(project.root / PAGE):
        match = re.match(r"\|\s*(RPL-\d{4})\s*\|(.*)\|(.*)\|\s*$", line)
        if not match:
            continue
        if match.group(1) in rows:
            yield f"{PAGE}:{number}: {match.group(1)} has a second row"
        if not match.group(2).strip() or not match.group(3).strip():
            yield f"{PAGE}:{number}: {match.group(1)} does not say what happened and what to do"
        rows[match.group(1)] = number
    places = ids_in_code(project)
    for name in sorted(places.keys() - rows.keys()):
        yield f"{places[name][0]}: {name} is not explained in {PAGE}"
    for name in sorted(rows.keys() - places.keys()):
        yield f"{PAGE}:{rows[name]}: {name} is written nowhere"


CHECKS = {"unique": unique, "explained": explained}
if __name__ == "__main__":
    tree.main(CHECKS)
