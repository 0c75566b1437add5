# SPDX-License-Identifier: Apache-2.0
"""Lateness: reminders due at random instants within a minute. What is measured is the time from the
instant that one was due to its arrival at the notifier, which notes it; at the peers, to the call of the
job's function, beside the instant that the job was due.
"""

import datetime
import statistics

from figures import Figure
from send_side import PEERS, Bench, Node, arrivals, wait_until
from send_side import TARGETS as TARGETS  # noqa: PLC0414

COUNT, SECONDS = 10_000, 60
QUICK_COUNT, QUICK_SECONDS = 300, 3
LEAD_S = 10  # from the filling to the first that is due, so that the daemon is up
PATIENCE_S = 120
NAMES = {"graphile": "graphile-worker", "boss": "pg-boss"}
MEASURES = ("p50", "p99", "max")


def quantiles(lateness):
    """{p50, p99, max} in ms."""
    ordered = sorted(lateness)
    at = lambda share: ordered[min(len(ordered) - 1, int(len(ordered) * share))]  # noqa: E731
    return {"p50": at(0.5), "p99": at(0.99), "max": ordered[-1]}


def lateness(bench, count, seconds):
    with bench.database() as database:
        node = Node(bench, database, arrivals=True)
        filling = datetime.timedelta(seconds=count / 2_000)
        first = datetime.datetime.now(datetime.timezone.utc) + filling
        first += datetime.timedelta(seconds=LEAD_S)
        node.fill(count, first, seconds)
        with node.daemon:
            if datetime.datetime.now(datetime.timezone.utc) > first:
                raise RuntimeError("the daemon was not up before the first reminder was due")
            wait_until(lambda: node.accepted() >= count, "every reminder is answered",
                       LEAD_S + seconds + PATIENCE_S)
            left = "select count(*) from rappel.delivery where state = 'in_flight'"
            wait_until(lambda: node.query(left) == [["0"]], "every outcome is stored", PATIENCE_S)
        due = dict(node.query("select idempotency_key, extract(epoch from due_at) from rappel.delivery"))
        late = [(at - float(due[key])) * 1000 for key, at in arrivals(node)]
        if len(late) != count:
            raise RuntimeError(f"{len(late)} of {count} messages arrived")
        return quantiles(late)


def run(build, quick, runs, count=None):
    count = count or (QUICK_COUNT if quick else COUNT)
    seconds = QUICK_SECONDS if quick else SECONDS
    taken = {"rappel": [], **{peer: [] for peer in PEERS}}
    with Bench(build) as bench:
        for _ in range(runs):
            taken["rappel"].append(lateness(bench, count, seconds))
            for peer in PEERS:
                taken[peer].append(bench.peer(peer, "late", count, seconds))

    def median(name, measure):
        return statistics.median(each[measure] for each in taken[name])

    figures = []
    for measure in MEASURES:
        figures.append(Figure("lateness", measure, median("rappel", measure), "ms", runs))
        for peer in PEERS:
            ratio = statistics.median(
                own[measure] / other[measure]
                for own, other in zip(taken["rappel"], taken[peer], strict=True))
            figures.append(Figure("lateness", f"{measure} beside {NAMES[peer]}",
                                  median("rappel", measure), "ms", runs,
                                  f"{NAMES[peer]}: {median(peer, measure):,.0f} ms", ratio))
    return figures
