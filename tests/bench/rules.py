# SPDX-License-Identifier: Apache-2.0
"""Rules: citizens evaluated per second and core with every active rule, and bytes per compiled rule.

A household of about twenty facts. "dates" finds the deadlines, their dates, states and reminders;
"explained" adds the sentences that a person reads. "incremental" asks only the rules that read what one
event (a vehicle) changed. Then what a change of rules costs for stored citizens: see reevaluation.py.
"""

import json
import pathlib
import subprocess

import reevaluation
from figures import Figure, rounds

TARGETS = ["rules_bench", *reevaluation.TARGETS]
SOURCE = pathlib.Path(__file__).resolve().parents[2]
COUNT = 50_000
QUICK_COUNT = 2_000
AIMS = {"dates": 50_000.0, "incremental": 500_000.0}
UNITS = {"dates": "citizens/s/core", "explained": "citizens/s/core", "incremental": "citizens/s/core",
         "incremental_explained": "citizens/s/core", "rule_bytes": "B/rule", "rules": "rules",
         "deadlines": "deadlines/citizen"}


def run(build, quick, runs, count=None):
    evaluated = QUICK_COUNT if quick else COUNT

    def measure(_):
        command = [str(build / "bin" / "rules_bench"), str(SOURCE / "templates"), str(evaluated)]
        return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)

    medians = rounds(["rules"], measure, runs)["rules"]
    figures = []
    for name, unit in UNITS.items():
        figure = Figure("rules", name, medians[name], unit, runs)
        if name in AIMS:
            figure.against = f"aim of {AIMS[name]:,.0f} {unit}"
            figure.ratio = medians[name] / AIMS[name]
        figures.append(figure)
    return figures + reevaluation.run(build, quick, runs, count)
