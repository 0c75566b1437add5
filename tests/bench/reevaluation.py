# SPDX-License-Identifier: Apache-2.0
"""Re-evaluation: stored citizens brought up to changed rules, beside a plain UPDATE of the same rows.

"unconcerned": a rule changed that says nothing to any of these households. "concerned": one that
concerns about a quarter of them, whose deadlines are read, compared and rewritten. "first": everybody
gets all deadlines and reminders. Each on one connection; --count 1000000 for a large town's families.
"""

import json
import pathlib
import statistics
import subprocess

from figures import Figure

TARGETS = ["reevaluation_bench"]
SOURCE = pathlib.Path(__file__).resolve().parents[2]
COUNT = 50_000
QUICK_COUNT = 500


def run(build, quick, runs, count=None):
    count = count or (QUICK_COUNT if quick else COUNT)
    command = [str(build / "bin" / "reevaluation_bench"), str(SOURCE / "templates"), str(count),
               str(runs)]
    told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    update = statistics.median(told["update"])
    against = f"plain UPDATE: {update:,.0f} rows/s"
    figures = [Figure("reevaluation", "citizens", count, "citizens", 1)]
    for name in ("unconcerned", "concerned"):
        rate = statistics.median(told[name])
        figures.append(Figure("reevaluation", name, rate, "citizens/s", runs, against, rate / update))
    figures.append(Figure("reevaluation", "first", told["first"], "citizens/s", 1, against,
                          told["first"] / update))
    figures.append(Figure("reevaluation", "concerned_share", told["concerned_share"], "of citizens", 1))
    figures.append(Figure("reevaluation", "bytes", told["bytes"], "B/citizen on disk", 1))
    return figures
