# SPDX-License-Identifier: Apache-2.0
"""Enough of SQL's shape for the subset test: statements, tables, keys. Not a parser."""

import re
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"--[^\n]*|/\*.*?\*/|'(?:''|[^'])*'|(\$[a-z_]*\$).*?\1", re.DOTALL | re.IGNORECASE
)


def blanked(text):
    """Comments gone and strings emptied, line numbers kept, lower case. The body of a function or of
    a DO block is code like any other: only its quotes go."""

    def replace(match):
        found = match.group(0)
        if found.startswith("$"):
            tag = match.group(1)
            return " " * len(tag) + blanked(found[len(tag) : -len(tag)]) + " " * len(tag)
        empty = re.sub(r"[^\n]", " ", found)
        return "''" + empty[2:] if found.startswith("'") else empty

    return TOKEN.sub(replace, text).lower()


def statements(text):
    """(line number, text) of each statement."""
    line = 1
    for piece in blanked(text).split(";"):
        body = piece.lstrip()
        if body:
            yield line + piece[: len(piece) - len(body)].count("\n"), body.strip()
        line += piece.count("\n")


def top_level(body):
    """The parts of a parenthesised list, split at its own commas."""
    depth, part, parts = 0, "", []
    for letter in body:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append(part.strip())
            part = ""
        else:
            part += letter
    return [p for p in parts + [part.strip()] if p]


def inside_parentheses(text):
    """What stands in the first pair of parentheses."""
    start = text.index("(")
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0:
            return text[start + 1 : at]
    return text[start + 1 :]


def names(part):
    return [re.split(r"\s", n.strip())[0].strip('"') for n in top_level(inside_parentheses(part))]


@dataclass
class Table:
    name: str
    line: int
    columns: list = field(default_factory=list)
    primary: list = field(default_factory=list)
    unique: list = field(default_factory=list)  # (line, column names)


CREATE_TABLE = re.compile(r"create\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?([\w.\"]+)")
CREATE_UNIQUE = re.compile(r"create\s+unique\s+index\b.*?\bon\s+(?:only\s+)?([\w.\"]+)", re.DOTALL)


def bare(name):
    return name.strip('"').split(".")[-1].strip('"')


def table_of(line, statement):
    """The Table a statement creates, or None. A partition repeats its parent and is left out."""
    match = CREATE_TABLE.match(statement)
    if not match or re.search(r"\bpartition\s+of\b", statement) or "(" not in statement:
        return None
    table = Table(bare(match.group(1)), line)
    for part in top_level(inside_parentheses(statement)):
        keyless = re.sub(r"^constraint\s+\S+\s+", "", part)
        if re.match(r"primary\s+key\b", keyless):
            table.primary = names(keyless)
        elif re.match(r"unique\b", keyless):
            table.unique.append((line, names(keyless)))
        elif not re.match(r"(foreign\s+key|check|exclude|like)\b", keyless):
            column = part.split()[0].strip('"')
            table.columns.append(column)
            if re.search(r"\bprimary\s+key\b", part):
                table.primary = [column]
            if re.search(r"\bunique\b", part):
                table.unique.append((line, [column]))
    return table


def unique_index_of(statement):
    """(table, column names) of a `create unique index`, or None."""
    match = CREATE_UNIQUE.match(statement)
    return (bare(match.group(1)), names(statement[match.end() :])) if match else None
