# SPDX-License-Identifier: Apache-2.0
"""What every benchmark shares: figures, medians, the table and the JSON lines."""

import dataclasses
import json
import statistics


@dataclasses.dataclass
class Figure:
    """One measured figure; `against` names what it is compared with, `ratio` = figure / that."""

    bench: str
    name: str
    figure: float
    unit: str
    runs: int
    against: str | None = None
    ratio: float | None = None


def rounds(variants, measure, runs):
    """Runs every variant once per round, so that a slow minute of the machine hits all alike.

    Returns {variant: {name: median}}, from `measure(variant)` -> {name: number}.
    """
    samples = {variant: [] for variant in variants}
    for _ in range(runs):
        for variant in variants:
            samples[variant].append(measure(variant))
    return {
        variant: {name: statistics.median(sample[name] for sample in taken) for name in taken[0]}
        for variant, taken in samples.items()
    }


def number(value):
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def print_table(figures):
    rows = [("figure", "value", "unit", "ratio", "against")]
    for each in figures:
        ratio = "" if each.ratio is None else f"{each.ratio:.3g}"
        rows.append((each.name, number(each.figure), each.unit, ratio, each.against or ""))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for row in rows:
        cells = (row[0].ljust(widths[0]), row[1].rjust(widths[1]), row[2].ljust(widths[2]),
                 row[3].rjust(widths[3]), row[4])
        print("  ".join(cells).rstrip())


def print_json(figures):
    for each in figures:
        line = dataclasses.asdict(each)
        line["ratio"] = each.ratio if each.ratio is None else float(f"{each.ratio:.4g}")
        order = ("bench", "name", "figure", "unit", "against", "ratio", "runs")
        print(json.dumps({key: line[key] for key in order}))


def print_markdown(figures):
    print(f"\n### {figures[0].bench}\n\n| figure | value | ratio | against |\n|---|---:|---:|---|")
    for each in figures:
        ratio = "" if each.ratio is None else f"{each.ratio:.3g}"
        print(f"| {each.name} | {number(each.figure)} {each.unit} | {ratio} | {each.against or ''} |")
