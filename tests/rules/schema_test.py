# SPDX-License-Identifier: Apache-2.0
"""The schemas of docs/ against the files of this project, read as an editor reads them.

Usage: schema_test.py accepted | refused | explained
"""

import json
import pathlib
import re
import sys

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Broken files in which a schema sees nothing wrong, and why. Every other one must be refused.
UNSEEN = {
    "alias": "anchors and aliases are resolved before a schema is asked",
    "duplicate_key": "of two equal keys one is left before a schema is asked; editors mark them",
    "tag": "tags are resolved before a schema is asked",
    "impossible_date": "29 February 2023: leap years are beyond a pattern",
    "duplicate_stage": "two items of a list are not compared by one of their keys",
    "unreachable_case": "a case without a condition may be the last of its list and no other",
    "validity_backwards": "two dates are not compared with each other",
    "wrong_id": "where the file lies is unknown",
    "never_comes": "a recurrence is not expanded",
    "law_without_a_page": "a draft may cite a whole site",
}
# Broken files that are no YAML at all: an editor marks them without a schema.
NO_YAML = {
    "colon_in_a_title",
    "half_a_file",
    "indented_otherwise",
    "quote_left_open",
    "tab_in_front",
}

# No number with an exponent, no yes and no, no dates: a day is a text, as the loader takes it.
SCALARS = {
    "tag:yaml.org,2002:bool": r"true|True|TRUE|false|False|FALSE",
    "tag:yaml.org,2002:null": r"~|null|Null|NULL|",
    "tag:yaml.org,2002:int": r"[-+]?[0-9]+",
    "tag:yaml.org,2002:float": r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)",
}


class Reader(yaml.SafeLoader):
    """YAML 1.2, as editors read it, with keys as texts."""

    yaml_implicit_resolvers = {}

    def construct_mapping(self, node, deep=False):
        for key, _ in node.value:
            key.tag = "tag:yaml.org,2002:str"
        return super().construct_mapping(node, deep=deep)


for kind, form in SCALARS.items():
    Reader.add_implicit_resolver(kind, re.compile(f"^(?:{form})$"), None)


def read(path):
    return yaml.load(path.read_text(encoding="utf-8"), Reader)


def schema_of(kind):
    return json.loads((ROOT / "docs" / f"{kind}.schema.json").read_text(encoding="utf-8"))


def judges(kind):
    """The schema as both drafts read it: newer editors know the first, older ones the second."""
    schema = schema_of(kind)
    for draft in (jsonschema.Draft202012Validator, jsonschema.Draft7Validator):
        draft.check_schema(schema)
        yield draft(schema)


def told(error):
    return f"{'/'.join(map(str, error.absolute_path)) or 'the file'}: {error.message[:200]}"


def shipped():
    templates = ROOT / "templates"
    yield "rule", sorted((templates / "deadlines").rglob("*.yaml"))
    yield "campaign", sorted((templates / "calendar" / "campaigns").glob("*.yaml"))
    yield "holidays", sorted((templates / "calendar").glob("holidays.*.yaml"))


def accepted():
    """Every shipped file passes."""
    for kind, paths in shipped():
        if not paths:
            yield f"there is no file of the kind {kind}"
        for judge in judges(kind):
            for path in paths:
                for error in judge.iter_errors(read(path)):
                    yield f"{path.relative_to(ROOT)}: {told(error)}"
        print(f"{kind}: {len(paths)} files")


def loader_lines():
    """By broken file, the lines that the loader complains of; broken_test.cpp checks them."""
    table = (ROOT / "tests" / "rules" / "broken_table.inc").read_text(encoding="utf-8")
    for name, says in re.findall(r'\{"(\w+)",((?:\s*"(?:\\.|[^"\\])*")+)\}', table):
        yield name, {int(line) for line in re.findall(r'(?:"|\\n)\s*(\d+):\d+ ', says)}


def line_of(node, path):
    """Where the part that a path leads to begins, counted from 1."""
    for step in path:
        if isinstance(node, yaml.MappingNode):
            node = next(value for key, value in node.value if key.value == step)
        else:
            node = node.value[step]
    return node.start_mark.line + 1


def lines(errors, node):
    """The lines that a schema complains of, those of the alternatives that failed included."""
    for error in errors:
        yield line_of(node, error.absolute_path)
        yield from lines(error.context or (), node)


def judged(judge, path, loader):
    """What is wrong with the verdict on one broken file."""
    text = path.read_text(encoding="utf-8")
    try:
        node, document = yaml.compose(text, Reader), yaml.load(text, Reader)
    except yaml.YAMLError:
        return None if path.stem in NO_YAML else "cannot be read as YAML"
    errors = list(judge.iter_errors(document))
    if path.stem in NO_YAML:
        return "can be read as YAML"
    if path.stem in UNSEEN:
        return f"is refused, take it off the list: {told(errors[0])}" if errors else None
    if not errors:
        return "is accepted"
    if not loader & set(lines(errors, node)):
        return f"is refused, but not where the loader says: {told(errors[0])}"
    return None


def refused():
    """Of the broken files, exactly those that are not listed above are refused, and where the
    loader says."""
    paths = sorted((ROOT / "tests" / "rules" / "broken").glob("*.yaml"))
    names = {path.stem for path in paths}
    loader = dict(loader_lines())
    for name in sorted((set(UNSEEN) | NO_YAML | set(loader)) - names):
        yield f"{name}.yaml is listed and does not exist"
    for judge in judges("rule"):
        for path in paths:
            verdict = judged(judge, path, loader.get(path.stem, set()))
            if verdict:
                yield f"{path.name}: {verdict}"
    print(f"{len(names)} broken files: {len(names - set(UNSEEN) - NO_YAML)} refused")


def closed_objects(schema, place="#"):
    """(place, schema) of every object of a schema that takes some keys and no others."""
    if isinstance(schema, dict):
        if schema.get("additionalProperties") is False and "properties" in schema:
            yield place, schema
        for key, part in schema.items():
            yield from closed_objects(part, f"{place}/{key}")
    elif isinstance(schema, list):
        for number, part in enumerate(schema):
            yield from closed_objects(part, f"{place}/{number}")


def explained():
    """Every key says what it is for, and every word of a list that explains its words."""
    for kind, _ in shipped():
        for place, schema in closed_objects(schema_of(kind)):
            for key, value in schema["properties"].items():
                if not value.get("description"):
                    yield f"{kind}{place}: {key} is not explained"
                docs = value.get("enumDescriptions")
                if docs and len(docs) != len(value["enum"]):
                    yield f"{kind}{place}: the words of {key} are not explained one by one"


CHECKS = {"accepted": accepted, "refused": refused, "explained": explained}
if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in CHECKS:
        sys.exit(f"{__doc__}")
    wrong = list(CHECKS[sys.argv[1]]())
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)
