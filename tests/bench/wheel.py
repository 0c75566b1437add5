# SPDX-License-Identifier: Apache-2.0
"""The timer wheel: 10 million timers over a year of one-second ticks, half cancelled, all fired.

Process CPU time and resident memory. Boost.Asio and a bare wheel of vectors run in the same rounds;
the wheel and Asio are advanced an hour at a time, the bare wheel goes tick by tick.
"""

import json
import subprocess

from figures import Figure, rounds

TARGETS = ["wheel_bench"]

COUNT = 10_000_000
QUICK_COUNT = 200_000

# ratas's TimerWheel under the same load, measured on a machine like this one; not part of this run.
RATAS = {"total": 324.0, "bytes": 40.0}
RATAS_LABEL = "ratas (measured on a machine like this one)"
AIMS = {"total": 100.0, "bytes": 24.0}

VARIANTS = {"rappel": "wheel", "buckets": "bare vector buckets", "asio": "Boost.Asio timer each"}
UNITS = {
    "schedule": "ns/timer",
    "cancel": "ns/cancelled",
    "fire": "ns/fired",
    "total": "ns/timer",
    "bytes": "B/timer",
    "bytes_with_handles": "B/timer",
}


def run(build, quick, runs, count=None):
    count = count or (QUICK_COUNT if quick else COUNT)

    def measure(variant):
        command = [str(build / "bin" / "wheel_bench"), variant, str(count)]
        return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)

    medians = rounds(list(VARIANTS), measure, runs)
    compared = list(beside_asio(medians, runs))
    # The aims and ratas's figures are about 10 million timers.
    return compared if quick else compared + list(beside_others(medians, runs))


def beside_asio(medians, runs):
    for variant, values in medians.items():
        for name, unit in UNITS.items():
            figure = Figure("wheel", f"{VARIANTS[variant]}: {name}", values[name], unit, runs)
            if variant == "rappel":
                figure.against = VARIANTS["asio"]
                figure.ratio = values[name] / medians["asio"][name]
            yield figure


def beside_others(medians, runs):
    own = medians["rappel"]
    for name in ("total", "bytes"):
        others = {
            VARIANTS["buckets"]: medians["buckets"][name],
            RATAS_LABEL: RATAS[name],
            f"aim of {AIMS[name]:g} {UNITS[name]}": AIMS[name],
        }
        for label, other in others.items():
            yield Figure("wheel", f"wheel: {name}", own[name], UNITS[name], runs, label,
                         own[name] / other)
